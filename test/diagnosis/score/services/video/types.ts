export interface VideoJob {
  videoId: string;
  url: string;
  profiles: string[];
  captions: boolean;
}

export interface Source {
  videoId: string;
  durationSeconds: number;
}

export interface Rendition {
  profile: string;
  file: string;
}

export interface Published {
  videoId: string;
  renditions: number;
  captioned: boolean;
}

export interface MediaActivities {
  download(job: { url: string; videoId: string }): Promise<Source>;
  encode(task: { videoId: string; profile: string }): Promise<Rendition>;
  checkQuality(rendition: Rendition): Promise<{ ok: boolean }>;
  makeThumbnail(frame: { videoId: string; atSeconds: number }): Promise<string>;
  transcribe(source: { videoId: string }): Promise<{ language: string }>;
  publish(video: { videoId: string; renditions: Rendition[]; poster: string }): Promise<void>;
  cleanUp(files: { videoId: string }): Promise<void>;
}

export interface CatalogActivities {
  lookUpRights(video: { videoId: string }): Promise<{ allowed: boolean }>;
}

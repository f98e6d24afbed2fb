import { ApplicationFailure, CancellationScope, log, sleep } from '@temporalio/workflow';
import { catalog, media } from './media';
import { transcodeAll } from './transcode';
import type { Published, Source, VideoJob } from './types';

const POSTER_POSITIONS = [0.1, 0.5];

/** From the uploaded file to a published video. */
export const processVideo = async (job: VideoJob): Promise<Published> => {
  const { videoId, url } = job;
  const { allowed } = await catalog.lookUpRights({ videoId });
  if (!allowed) throw ApplicationFailure.nonRetryable(`No rights to ${videoId}`, 'NoRights');

  const source = await media.download({ url, videoId });
  try {
    const renditions = await transcodeAll(source, job.profiles);
    const [posters, captioned] = await Promise.all([
      Promise.all(POSTER_POSITIONS.map((position) => thumbnailAt(source, position))),
      job.captions ? captionInTime(source) : false,
    ]);
    await media.publish({ videoId, renditions, poster: posters[0]! });
    return { videoId, renditions: renditions.length, captioned };
  } finally {
    await CancellationScope.nonCancellable(() => media.cleanUp({ videoId }));
  }
};

const thumbnailAt = ({ videoId, durationSeconds }: Source, position: number): Promise<string> =>
  media.makeThumbnail({ videoId, atSeconds: Math.round(durationSeconds * position) });

/** Captions are nice to have: nobody waits longer than this for them. */
const captionInTime = async ({ videoId }: Source): Promise<boolean> =>
  await CancellationScope.cancellable(async () => {
    const captions = media.transcribe({ videoId }).then(
      () => true,
      () => false,
    );
    const tooLate = sleep('20 minutes').then(() => false);
    const captioned = await Promise.race([captions, tooLate]);
    if (!captioned) log.warn('published without captions', { videoId });
    CancellationScope.current().cancel();
    return captioned;
  });

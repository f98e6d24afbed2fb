export interface CatalogFile {
  fileId: string;
  rows: number;
  rowsPerChunk: number;
}

export interface Chunk {
  fileId: string;
  firstRow: number;
  rows: number;
}

export interface ImportSummary {
  imported: number;
  failedChunks: number;
}

export interface ImportActivities {
  validateFile(file: { fileId: string }): Promise<{ ok: boolean }>;
  lockCatalog(request: { fileId: string }): Promise<void>;
  writeRow(row: { fileId: string; row: number }): Promise<void>;
  refreshIndex(file: { fileId: string }): Promise<void>;
  reportFailures(report: { fileId: string; chunks: number[] }): Promise<void>;
  unlockCatalog(request: { fileId: string }): Promise<void>;
}

export interface LocalImportActivities {
  planChunks(file: CatalogFile): Promise<Chunk[]>;
}

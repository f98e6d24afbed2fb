import { loadHistories } from '../history/load';
import type { HistorySource } from '../model/history';
import type { FetchOptions } from '../options/types';

/** Histories to replay. */
export interface HistorySources {
  /** Number of histories; null while it is unknown. */
  total: number | null;
  histories: AsyncIterable<HistorySource> | HistorySource[];
}

/** Lists the history files of paths and globs; `-` is standard input. @throws NO_HISTORIES, ABORTED */
export async function historiesInFiles(
  paths: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<HistorySource[]> {
  const histories: HistorySource[] = [];
  for await (const source of loadHistories({ paths, cwd, signal })) histories.push(source);
  return histories;
}

/** Downloads the histories of a query while they are replayed. */
export async function* historiesOfQuery(options: FetchOptions): AsyncGenerator<HistorySource> {
  // The gRPC client takes 0.1 s to load, and most runs need none. (Jest's realm has no `import()`.)
  const { streamHistories } =
    require('../fetch/fetch-histories') as typeof import('../fetch/fetch-histories');
  yield* streamHistories(options);
}

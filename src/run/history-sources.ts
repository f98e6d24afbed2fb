import { randomBytes } from 'node:crypto';
import { loadHistories } from '../history/load';
import { type HistorySource, memoryFile } from '../model/history';
import type { FetchOptions, HistoryLike, ReplayOptions } from '../options/types';

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

/**
 * Yields the histories of a run one at a time, so that memory does not grow with their number. Those that are not at hand are
 * asked for only when the code is bundled: webpack blocks this thread for seconds, in which a cluster's answers would time
 * out. Downloading ahead would save little, since no more histories are downloaded than the replay needs.
 */
export async function* historySources(
  histories: ReplayOptions['histories'],
  bundled: Promise<unknown>,
): AsyncGenerator<HistorySource> {
  if (Symbol.asyncIterator in histories) await bundled;
  for await (const item of histories) yield 'file' in item ? item : inMemorySource(item);
}

/** Encodes a history in memory as protobuf bytes, which can be sent to a replay process. */
function inMemorySource(history: HistoryLike): HistorySource {
  const { temporal } = require('@temporalio/proto') as typeof import('@temporalio/proto');
  const { History } = temporal.api.history.v1;
  const id = randomBytes(4).toString('hex');
  return { file: memoryFile(id), bytes: History.encode(History.fromObject(history)).finish() };
}

import { gunzip, isGzip } from './gzip';
import type { FoundHistory, HistoryFormat, ReadLimits } from './history-format';
import { ProblemError } from './problem';
import { looksLikeText } from './text';

/**
 * The formats of history files; the first one that matches reads a file. Readers are loaded when they are needed, because a
 * search of directories needs the extensions only.
 */
const FORMATS: readonly HistoryFormat[] = [
  {
    extensions: ['json', 'jsonl', 'ndjson'],
    matches: looksLikeText,
    read: (bytes, limits) =>
      (require('./json-text') as typeof import('./json-text')).readJsonText(bytes, limits),
  },
  {
    extensions: ['gz'],
    matches: isGzip,
    read: (bytes, limits) => readHistories(gunzip(bytes, limits.maxBytes), limits),
  },
  {
    // Exports of Temporal Cloud are often stored as `.proto`.
    extensions: ['binpb', 'pb', 'bin', 'proto'],
    matches: () => true,
    read: (bytes) => (require('./binary') as typeof import('./binary')).readBinary(bytes),
  },
];

/** Extensions of the history files in a directory, without the dot. */
export const HISTORY_EXTENSIONS: readonly string[] = FORMATS.flatMap(({ extensions }) => extensions);

/**
 * Yields every history in the content of a file.
 *
 * @throws {@link ProblemError} if nothing of the content can be read
 */
export function* readHistories(bytes: Uint8Array, limits: ReadLimits): Generator<FoundHistory> {
  if (bytes.length === 0) throw new ProblemError('EMPTY_FILE', 'is empty (0 bytes). Download it again.');
  yield* FORMATS.find(({ matches }) => matches(bytes))!.read(bytes, limits);
}

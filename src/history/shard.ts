import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { TemporalReplayError } from '../errors';
import { type HistorySource, isClusterFile } from '../model/history';
import type { Shard } from '../model/report';
import { readRegularFile } from '../util/read-regular-file';

/** Returns the shard that a text such as `2/5` names. @throws CONFIG_INVALID */
export function parseShard(text: string): Shard {
  const [, index, count] = /^([1-9]\d{0,4})\/([1-9]\d{0,4})$/.exec(text) ?? [];
  if (count === undefined || Number(index) > Number(count))
    throw new TemporalReplayError('CONFIG_INVALID', `shard (--shard) must be such as 2/5, not "${text}".`, {
      hint: 'The first number is the part that this run replays, from 1; the second one is the number of parts.',
    });
  return { index: Number(index), count: Number(count) };
}

/**
 * Yields the sources of one shard. A file belongs to the shard that the hash of its content names, and a run of a cluster to that
 * of its ids, so that the parts are the same on every machine.
 *
 * @param cwd directory that relative paths are relative to
 */
export async function* sourcesOfShard(
  sources: AsyncIterable<HistorySource>,
  { index, count }: Shard,
  cwd: string,
): AsyncGenerator<HistorySource> {
  for await (const source of sources) {
    const hash = createHash('sha256')
      .update(await stableContentOf(source, cwd))
      .digest();
    if (hash.readUInt32BE() % count === index - 1) yield source;
  }
}

async function stableContentOf({ file, bytes }: HistorySource, cwd: string): Promise<Uint8Array | string> {
  if (isClusterFile(file)) return file;
  try {
    return bytes ?? (await readRegularFile(resolve(cwd, file)));
  } catch {
    // The shard of the name reports that the file cannot be read.
    return basename(file);
  }
}

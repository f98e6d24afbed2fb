import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { FileCounters } from '../sdk/coverage-counters';
import { writeFileAtomic } from '../util/atomic-file';
import type { InstrumentedFile } from './instrument';

/** The file that says what the counters of an instrumented bundle stand for. */
const dataPathOf = (bundlePath: string): string => `${bundlePath}.coverage.json`;

export const hasCoverageData = (bundlePath: string): boolean => existsSync(dataPathOf(bundlePath));

export const writeCoverageData = (bundlePath: string, files: readonly InstrumentedFile[]): Promise<void> =>
  writeFileAtomic(dataPathOf(bundlePath), JSON.stringify(files));

/** The instrumented files of bundles, with nothing counted; a file of several bundles once. */
export async function readCoverageData(bundlePaths: readonly string[]): Promise<InstrumentedFile[]> {
  const read = await Promise.all(
    bundlePaths.map(
      async (path) => JSON.parse(await readFile(dataPathOf(path), 'utf8')) as InstrumentedFile[],
    ),
  );
  return [...new Map(read.flat().map((file) => [keyOf(file), file])).values()];
}

/** Adds counters to the files that they are of; those of unknown files are left out. */
export function addCounters(files: readonly InstrumentedFile[], counters: readonly FileCounters[]): void {
  const byKey = new Map(files.map((file) => [keyOf(file), file]));
  for (const counted of counters) {
    const file = byKey.get(keyOf(counted));
    if (!file) continue;
    addHits(file.s, counted.s);
    addHits(file.f, counted.f);
    for (const [id, sides] of Object.entries(counted.b))
      file.b[id] = sides.map((hits, side) => hits + (file.b[id]?.[side] ?? 0));
  }
}

const keyOf = ({ path, hash }: { path: string; hash: string }): string => `${hash} ${path}`;

function addHits(to: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [id, hits] of Object.entries(from)) to[id] = (to[id] ?? 0) + hits;
}

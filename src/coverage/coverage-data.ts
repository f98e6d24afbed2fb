import { existsSync } from 'node:fs';
import { TemporalReplayError } from '../errors';
import type { FileCounters } from '../sdk/coverage-counters';
import { readChecked, writeChecked } from '../util/checked-file';
import type { InstrumentedFile } from './instrument';

const NAME = 'coverage';

/** Path of the file that describes the counters of an instrumented bundle. */
const dataPathOf = (bundlePath: string): string => `${bundlePath}.coverage.json`;

export const hasCoverageData = (bundlePath: string): boolean => existsSync(dataPathOf(bundlePath));

export const writeCoverageData = (bundlePath: string, files: readonly InstrumentedFile[]): Promise<void> =>
  writeChecked(dataPathOf(bundlePath), JSON.stringify(files), NAME);

/** Returns true if {@link readCoverageData} can read what the bundle's counters stand for. */
export const hasReadableCoverageData = async (bundlePath: string): Promise<boolean> =>
  isWhole(await readChecked(dataPathOf(bundlePath), NAME));

/** Reads the instrumented files of bundles, with all counters 0. A file of several bundles is read once. @throws CACHE_DAMAGED */
export async function readCoverageData(bundlePaths: readonly string[]): Promise<InstrumentedFile[]> {
  const read = await Promise.all(bundlePaths.map((path) => readOf(dataPathOf(path))));
  return [...new Map(read.flat().map((file) => [keyOf(file), file])).values()];
}

async function readOf(path: string): Promise<InstrumentedFile[]> {
  const stored = await readChecked(path, NAME);
  if (!isWhole(stored))
    throw new TemporalReplayError('CACHE_DAMAGED', `${path} was damaged or removed during the run.`);
  return JSON.parse(stored.text) as InstrumentedFile[];
}

type Stored = Awaited<ReturnType<typeof readChecked>>;
const isWhole = (stored: Stored): stored is { text: string } => stored !== null && stored !== 'damaged';

/** Adds counters to their files. Counters of unknown files are dropped. */
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

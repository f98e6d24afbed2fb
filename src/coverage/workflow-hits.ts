import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CoverageMapData, FileCoverageData } from 'istanbul-lib-coverage';
import { writeFileAtomic } from '../util/atomic-file';
import { makeTemporaryDirectory, removeTemporaryDirectorySync } from '../util/temporary-directory';
import { makeDirectory } from '../util/make-directory';

/** Environment variable with the directory in which test processes leave hits for the test runner's main process. */
const VARIABLE = 'TEMPORAL_REPLAY_COVERAGE_DIRECTORY';

/** Creates the directory and sets the variable. Called in a test runner's main process; its test processes inherit the variable. */
export function openHitsDirectory(): string {
  const directory = makeTemporaryDirectory('coverage');
  process.env[VARIABLE] = directory;
  return directory;
}

/** Returns the directory; undefined if the main process collects no hits. */
export const hitsDirectory = (): string | undefined => process.env[VARIABLE];

/** Writes istanbul's coverage by path, with positions in the source, for {@link takeHits} in the main process. */
export async function writeHits(directory: string, hits: Readonly<Record<string, unknown>>): Promise<void> {
  makeDirectory(directory);
  await writeFileAtomic(join(directory, `${randomUUID()}.json`), JSON.stringify(hits));
}

/** Returns the hits written so far, added up by file, and deletes the directory. */
export function takeHits(directory: string): FileCoverageData[] {
  const { createCoverageMap } = require('istanbul-lib-coverage') as typeof import('istanbul-lib-coverage');
  const sum = createCoverageMap();
  for (const hits of hitsIn(directory)) sum.merge(hits);
  removeTemporaryDirectorySync(directory);
  return sum.files().map((file) => sum.fileCoverageFor(file).data);
}

function hitsIn(directory: string): CoverageMapData[] {
  return namesIn(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as CoverageMapData);
}

/** Returns no names if the directory does not exist, as when no workflow ran. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw err;
  }
}

import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CoverageMapData, FileCoverageData } from 'istanbul-lib-coverage';
import { writeFileAtomic } from '../util/atomic-file';

/** Names the directory by which the processes of a test run hand over what workflows have run. */
const VARIABLE = 'TEMPORAL_REPLAY_COVERAGE_DIRECTORY';

/** To be called by a test runner's main process, whose processes for tests find it in their environment. */
export function openHitsDirectory(): string {
  const directory = join(tmpdir(), `temporal-replay-coverage-${randomUUID()}`);
  process.env[VARIABLE] = directory;
  // Of a run that ends before its report is made.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Undefined where no main process waits for hits. */
export const hitsDirectory = (): string | undefined => process.env[VARIABLE];

/** Leaves istanbul's coverage by path, in terms of the source, for {@link takeHits} of another process. */
export async function writeHits(directory: string, hits: Readonly<Record<string, unknown>>): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await writeFileAtomic(join(directory, `${randomUUID()}.json`), JSON.stringify(hits));
}

/** What was left since the last call, added up; each file once. The directory is gone then. */
export function takeHits(directory: string): FileCoverageData[] {
  const { createCoverageMap } = require('istanbul-lib-coverage') as typeof import('istanbul-lib-coverage');
  const sum = createCoverageMap();
  for (const hits of hitsIn(directory)) sum.merge(hits);
  rmSync(directory, { recursive: true, force: true });
  return sum.files().map((file) => sum.fileCoverageFor(file).data);
}

function hitsIn(directory: string): CoverageMapData[] {
  return namesIn(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as CoverageMapData);
}

/** Without a workflow that ran there is no directory. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw err;
  }
}

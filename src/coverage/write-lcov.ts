import { join } from 'node:path';
import type { CoverageMap } from 'istanbul-lib-coverage';
import { TemporalReplayError, messageOf } from '../errors';
import { makeDirectory } from '../util/make-directory';

/** Writes `lcov.info` into a directory, with paths relative to `root`, and returns its path. @throws OUTPUT_FAILED */
export async function writeLcov(map: CoverageMap, directory: string, root: string): Promise<string> {
  const { createContext } = require('istanbul-lib-report') as typeof import('istanbul-lib-report');
  const { create } = require('istanbul-reports') as typeof import('istanbul-reports');
  const file = 'lcov.info';
  try {
    makeDirectory(directory);
    create('lcovonly', { file, projectRoot: root }).execute(
      createContext({ dir: directory, coverageMap: map }),
    );
  } catch (err) {
    throw new TemporalReplayError(
      'OUTPUT_FAILED',
      `${join(directory, file)} cannot be written: ${messageOf(err)}`,
      {
        cause: err,
      },
    );
  }
  return join(directory, file);
}

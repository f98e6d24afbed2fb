/** The test runner whose coverage counts, as far as it can be told from inside of a test file. */
export type RunnerCoverage = 'jest' | 'vitest';

/** Set by a runner's global setup to `1` where coverage is on. */
export const COVERAGE_ENV = 'TEMPORAL_REPLAY_COVERAGE';

interface Globals {
  __coverage__?: object;
  __VITEST_COVERAGE__?: object;
  __vitest_worker__?: { config?: { coverage?: { enabled?: boolean } } };
}

/** Null where coverage is off. */
export function runnerCoverage(): RunnerCoverage | null {
  const {
    __coverage__: jest,
    __VITEST_COVERAGE__: istanbul,
    __vitest_worker__: vitest,
  } = globalThis as Globals;
  const isOn =
    jest !== undefined ||
    istanbul !== undefined ||
    process.env[COVERAGE_ENV] === '1' ||
    vitest?.config?.coverage?.enabled === true;
  if (!isOn) return null;
  return vitest !== undefined || istanbul !== undefined ? 'vitest' : 'jest';
}

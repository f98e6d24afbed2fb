/** The test runner that collects coverage. */
export type RunnerCoverage = 'jest' | 'vitest';

/** Environment variable that a runner's global setup sets to `1` if coverage is on. */
export const COVERAGE_ENV = 'TEMPORAL_REPLAY_COVERAGE';

interface Globals {
  __coverage__?: object;
  __VITEST_COVERAGE__?: object;
  __vitest_worker__?: { config?: { coverage?: { enabled?: boolean } } };
}

/** Returns the test runner that collects coverage, as seen from a test file; null if coverage is off. */
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

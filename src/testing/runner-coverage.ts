/** The test runner whose coverage counts, as far as it can be told from inside of a test file. */
export interface RunnerCoverage {
  /** The global in which the runner collects istanbul's coverage. */
  variable: '__coverage__' | '__VITEST_COVERAGE__';
  /** Loads a file as the runner would, so that its own counters of it are there. */
  load(file: string): Promise<void>;
}

/** Set by a runner's global setup to `1` where coverage is on. */
export const COVERAGE_ENV = 'TEMPORAL_REPLAY_COVERAGE';

interface Globals {
  __coverage__?: object;
  __VITEST_COVERAGE__?: object;
  __vitest_worker__?: { config?: { coverage?: { enabled?: boolean; provider?: string } } };
}

/** Null where coverage is off. */
export function runnerCoverage(): RunnerCoverage | null {
  const globals = globalThis as Globals;
  const vitest = globals.__vitest_worker__?.config?.coverage;
  const isOn =
    globals.__coverage__ !== undefined ||
    globals.__VITEST_COVERAGE__ !== undefined ||
    process.env[COVERAGE_ENV] === '1' ||
    vitest?.enabled === true;
  if (!isOn) return null;
  return globals.__vitest_worker__ !== undefined || globals.__VITEST_COVERAGE__ !== undefined
    ? { variable: '__VITEST_COVERAGE__', load: loadWithVitest }
    : { variable: '__coverage__', load: loadWithJest };
}

/** What `require` is in jest's own modules of a test file. */
const loadWithJest = async (file: string): Promise<void> => void require(file);

/** An `import()` of ours would be Node's own, which knows nothing of vitest's compiler. */
async function loadWithVitest(file: string): Promise<void> {
  // No dependency: it is the package that runs the test.
  const name = 'vitest';
  const { vi } = (await import(name)) as { vi: { importActual(id: string): Promise<unknown> } };
  await vi.importActual(file);
}

/** True where the runner says that it counts with V8, which gives nobody else a place in its report. */
export const countsWithV8 = (): boolean =>
  (globalThis as Globals).__vitest_worker__?.config?.coverage?.provider === 'v8';

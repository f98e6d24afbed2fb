import { testApi } from './test-api';

/** The history files that `recordHistory` may write: `new` ones, `all` of them, or `none`. */
export type HistoryUpdateMode = 'new' | 'all' | 'none';

/**
 * Returns the mode that the test runner has for snapshots: `all` with `-u`, `none` in CI. `UPDATE_HISTORIES=1` sets `all` for
 * histories only.
 */
export function historyUpdateMode(env: NodeJS.ProcessEnv = process.env): HistoryUpdateMode {
  if (isOn(env['UPDATE_HISTORIES'])) return 'all';
  const runner = snapshotUpdate();
  if (runner === 'all' || runner === 'none') return runner;
  return isOn(env['CI']) ? 'none' : 'new';
}

function snapshotUpdate(): string | undefined {
  try {
    return testApi().expect.getState().snapshotState?._updateSnapshot;
  } catch {
    // Another test runner, without snapshots of this kind.
    return undefined;
  }
}

const isOn = (value: string | undefined): boolean =>
  value !== undefined && !['', '0', 'false'].includes(value);

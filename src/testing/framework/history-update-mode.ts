import { testApi } from './test-api';

/** What recorded files a test may write: `new` ones, `all` of them, or `none`. */
export type HistoryUpdateMode = 'new' | 'all' | 'none';

/** As the test runner treats its own snapshots: `-u` updates, CI writes nothing. `UPDATE_HISTORIES=1` updates histories alone. */
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
    // Another test runner, which has no snapshots of this kind.
    return undefined;
  }
}

const isOn = (value: string | undefined): boolean =>
  value !== undefined && !['', '0', 'false'].includes(value);

import { stat } from 'node:fs/promises';

/** File systems take a file's time from a clock that may be a tick behind `Date.now()`. */
const CLOCK_TICK_MS = 20;

/** When a file was last written, replaced or renamed (epoch ms); null where there is none. */
export async function changeTimeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).ctimeMs;
  } catch {
    return null;
  }
}

/** Whether a file with this time may have changed after a moment (epoch ms); one that is gone has. */
export const isChangedSince = (since: number, changeTime: number | null): boolean =>
  changeTime === null || changeTime > since - CLOCK_TICK_MS;

import { stat } from 'node:fs/promises';

/** File systems take the times of files from a clock that may be a tick behind `Date.now()`. */
const CLOCK_TICK_MS = 20;

/** Returns when a file was last written, replaced or renamed (epoch ms), or null if there is no file. */
export async function changeTimeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).ctimeMs;
  } catch {
    return null;
  }
}

/** Returns true if a file with this change time may have changed since a time (epoch ms). A missing file has changed. */
export const isChangedSince = (since: number, changeTime: number | null): boolean =>
  changeTime === null || changeTime > since - CLOCK_TICK_MS;

import type { Drift } from '../../model/verdict';
import { durationInWords } from '../../util/duration-in-words';
import { cut } from '../../util/printable';

/** Number of drifted values of a group that a report shows. */
export const SHOWN_DRIFTS = 5;

const MAX_VALUE_LENGTH = 80;

/** Returns `event 7: input.amount: 5 → "5"`. */
export const driftText = ({ eventId, path, recorded, produced }: Drift): string =>
  path === 'earlier'
    ? `event ${eventId}: issued in an earlier workflow task than recorded`
    : `event ${eventId}: ${path}: ${valueText(recorded, path)} → ${valueText(produced, path)}`;

/** Paths of durations, which the report has as in protobuf's JSON: `1.5s`. Below `input` and the like, the same text is payload. */
const DURATION_PATH = /^\w+Timeout$|^retryPolicy\.\w+Interval$/;

const valueText = (value: unknown, path: string): string =>
  durationText(value, path) ?? cut(JSON.stringify(value) ?? 'nothing', MAX_VALUE_LENGTH);

/** Returns a drifted duration as people say it; null if the value at the path is none. */
export function durationText(value: unknown, path: string): string | null {
  const seconds = DURATION_PATH.test(path) && /^(\d+(?:\.\d+)?)s$/.exec(String(value))?.[1];
  return seconds ? durationInWords(Number(seconds) * 1000) : null;
}

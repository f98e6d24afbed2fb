import { TemporalReplayError } from '../../errors';

export const DEFAULT_EXPIRY = '30d';

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7 };

/** Returns the date of a moment in UTC, as `YYYY-MM-DD`. */
export const dateOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** Returns true for the `YYYY-MM-DD` of a day that exists. */
export function isDate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && dateOf(new Date(time)) === value;
}

/** Returns true after the last day: on that day itself a failure is still accepted. */
export const isExpired = (expires: string, today: string): boolean => expires < today;

/** Returns the date that `30d`, `2w` or `2027-01-31` stands for. @throws USAGE */
export function expiryDate(given: string, today: string): string {
  if (isDate(given)) {
    if (!isExpired(given, today)) return given;
    throw new TemporalReplayError('USAGE', `--expires ${given} is in the past: today is ${today} (UTC).`, {
      hint: HINT,
    });
  }
  const [, count, unit] = /^([1-9]\d{0,3})([dw])$/.exec(given) ?? [];
  if (count === undefined)
    throw new TemporalReplayError(
      'USAGE',
      `--expires ${given} is neither a date nor a number of days or weeks.`,
      {
        hint: HINT,
      },
    );
  return dateOf(new Date(Date.parse(`${today}T00:00:00Z`) + Number(count) * DAYS[unit!]! * DAY_MS));
}

const HINT = 'Give a number of days or weeks such as 30d or 8w, or a date such as 2027-01-31.';

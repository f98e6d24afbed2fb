const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** All units but seconds, largest first. */
const UNITS: readonly (readonly [ms: number, word: (count: number) => string])[] = [
  [DAY, (count) => (count === 1 ? '1 day' : `${count} days`)],
  [HOUR, (count) => `${count}h`],
  [MINUTE, (count) => `${count}m`],
];

/** Formats a duration, exact to the millisecond: `250ms`, `1.5s`, `1m 30s`, `14 days`. */
export function durationInWords(ms: number): string {
  if (ms < 0) return `-${durationInWords(-ms)}`;
  if (ms > 0 && ms < SECOND) return `${Math.round(ms)}ms`;
  let left = Math.round(ms);
  const words: string[] = [];
  for (const [unit, word] of UNITS) {
    const count = Math.floor(left / unit);
    if (count > 0) words.push(word(count));
    left -= count * unit;
  }
  if (left > 0 || words.length === 0) words.push(`${left / SECOND}s`);
  return words.join(' ');
}

/** Formats a duration with about three digits, so that columns stay narrow. */
export function roundedDurationInWords(ms: number): string {
  const size = Math.abs(ms);
  const step = size < SECOND ? 1 : size < MINUTE ? 100 : size < HOUR ? SECOND : size < DAY ? MINUTE : HOUR;
  return durationInWords(Math.round(ms / step) * step);
}

import ms, { type StringValue } from 'ms';
import { TemporalReplayError } from '../errors';

/**
 * Returns the milliseconds of `500`, `'500'` or `'30s'`.
 *
 * @param atLeast smallest number of ms that is allowed
 * @throws CONFIG_INVALID
 */
export function durationMs(option: string, value: number | string, atLeast = 1): number {
  const parsed =
    typeof value === 'number' ? value : /^\d+$/.test(value) ? Number(value) : ms(value as StringValue);
  if (typeof parsed === 'number' && Number.isFinite(parsed) && parsed >= atLeast) return parsed;
  throw new TemporalReplayError(
    'CONFIG_INVALID',
    `${option} must be in ms or a duration such as 30s, not "${value}".`,
  );
}

import { TemporalReplayError } from '../../errors';

/**
 * Refuses a flag that is given more than once, unless it may be: yargs makes an array of the values of any flag.
 *
 * @throws USAGE
 */
export function refuseRepeatedFlags(args: object, repeatable: readonly string[]): void {
  const repeated = Object.entries(args).find(
    ([key, value]) => Array.isArray(value) && !repeatable.includes(key),
  );
  if (repeated !== undefined)
    throw new TemporalReplayError('USAGE', `--${repeated[0]} is given more than once.`);
}

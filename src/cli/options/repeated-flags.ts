import { TemporalReplayError } from '../../errors';
import { flagName, repeatableFlags } from '../../options/flags';

/**
 * Refuses a flag that is given more than once, unless it is repeatable: yargs makes an array of the values of any flag.
 *
 * @param own repeatable flags of the command itself
 * @throws USAGE
 */
export function refuseRepeatedFlags(args: object, own: readonly string[] = []): void {
  const repeatable = [...repeatableFlags(), ...own].flatMap((name) => [name, flagName(name)]);
  const repeated = Object.entries(args).find(
    ([key, value]) => Array.isArray(value) && key !== '_' && !repeatable.includes(key),
  );
  if (repeated !== undefined)
    throw new TemporalReplayError('USAGE', `--${repeated[0]} is given more than once.`);
}

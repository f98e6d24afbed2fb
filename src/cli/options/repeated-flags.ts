import { TemporalReplayError } from '../../errors';

/** yargs makes an array of any option that is given twice. @throws USAGE */
export function refuseRepeatedFlags(args: object, repeatable: readonly string[]): void {
  const twice = Object.entries(args).find(
    ([key, value]) => Array.isArray(value) && !repeatable.includes(key),
  );
  if (twice !== undefined) throw new TemporalReplayError('USAGE', `--${twice[0]} is given more than once.`);
}

import type { Argv, Options, PositionalOptions } from 'yargs';
import { TemporalReplayError } from '../../errors';
import { type FlagArgs, type FlagRow, flagName, flagRows, isRepeatable } from '../../options/flags';
import type { FlagGroup } from '../../options/option-row';
import { flagWithoutValue } from '../usage-error';
import { withoutPlaceholder } from './stdin-placeholder';

/** Declares groups of flags for a command. */
export function withFlags<Group extends FlagGroup>(yargs: Argv, ...groups: Group[]): Argv<FlagArgs<Group>> {
  const rows = flagRows(groups);
  for (const [name, row] of rows) {
    if (row.flag.positional) yargs.positional(name, positionalOf(row));
    else yargs.option(flagName(name), flagOf(row));
  }
  yargs.check((args) => refuseEmptyValues(args, rows) && refuseWithoutRequired(args, rows), false);
  return yargs as Argv<FlagArgs<Group>>;
}

/**
 * Refuses a flag with an empty value. It often comes from a variable that is not set, and a gate must not pass because its
 * flag counts as not given.
 *
 * @throws USAGE
 */
function refuseEmptyValues(
  args: Readonly<Record<string, unknown>>,
  rows: ReadonlyMap<string, FlagRow>,
): true {
  for (const [name, { type, flag }] of rows) {
    const values = name in args ? [args[name]].flat() : [];
    const isRefused = (value: unknown): boolean =>
      value === '' || (type === 'number' && typeof value !== 'number');
    if (values.some(isRefused) && !flag.positional && !flag.mayBeEmpty)
      throw flagWithoutValue(flagName(name));
  }
  return true;
}

/**
 * Refuses a flag that has no effect without another one.
 *
 * @throws USAGE
 */
function refuseWithoutRequired(
  args: Readonly<Record<string, unknown>>,
  rows: ReadonlyMap<string, FlagRow>,
): true {
  for (const [name, { flag }] of rows)
    if (flag.requires !== undefined && args[name] !== undefined && args[flag.requires] === undefined)
      throw new TemporalReplayError(
        'USAGE',
        `--${flagName(name)} has no effect without --${flagName(flag.requires)}.`,
        { hint: `Add --${flagName(flag.requires)}, or drop --${flagName(name)}.` },
      );
  return true;
}

/** yargs gets no defaults, so that the config file can set what the flags leave open. */
const flagOf = (row: FlagRow): Options => ({
  // A number flag has no type, because yargs would turn an empty text into the number 0.
  ...(row.type !== 'number' && { type: row.type === 'boolean' ? 'boolean' : 'string' }),
  ...(isRepeatable(row) && { array: true }),
  ...(row.type !== 'boolean' && { nargs: 1 }),
  ...(row.flag.groups.includes('connection') && { group: 'Cluster:' }),
  describe: describe(row),
});

const positionalOf = (row: FlagRow): PositionalOptions & Pick<Options, 'defaultDescription'> => ({
  type: 'string',
  array: true,
  describe: row.flag.describe,
  defaultDescription: (row.default as string[]).join(' '),
  coerce: (paths: string[] | undefined) => withoutPlaceholder(paths ?? []),
});

function describe({ default: value, defaultText, flag }: FlagRow): string {
  const text = defaultText ?? (typeof value === 'string' || typeof value === 'number' ? `${value}` : null);
  return text === null ? flag.describe : `${flag.describe} (default: ${text.replaceAll('`', '')})`;
}

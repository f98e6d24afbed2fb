import type { Argv, Options, PositionalOptions } from 'yargs';
import { type FlagArgs, type FlagRow, flagName, flagRows, isRepeatable } from '../../options/flags';
import type { FlagGroup } from '../../options/option-row';
import { withoutPlaceholder } from './stdin-placeholder';

/** Declares groups of flags for a command. */
export function withFlags<Group extends FlagGroup>(yargs: Argv, ...groups: Group[]): Argv<FlagArgs<Group>> {
  for (const [name, row] of flagRows(groups)) {
    if (row.flag.positional) yargs.positional(name, positionalOf(row));
    else yargs.option(flagName(name), flagOf(row));
  }
  return yargs as Argv<FlagArgs<Group>>;
}

/** yargs gets no defaults, so that the config file can set what the flags leave open. */
const flagOf = (row: FlagRow): Options => ({
  type: row.type === 'boolean' || row.type === 'number' ? row.type : 'string',
  ...(isRepeatable(row) && { array: true, nargs: 1 }),
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

import type { FlagGroup, OptionRow, OptionTable } from './option-row';
import { CONFIG, FETCH, FLAGS_ONLY } from './table';
import type { ConnectionOptions, FetchOptions, ReplayConfig } from './types';

/** Tables that have flags. If two of them have an option of one name, help texts are those of the first. */
const TABLES = [FETCH, CONFIG, FLAGS_ONLY] as const;

type Table = (typeof TABLES)[number];

/** Value that the command line gives for an option. */
type FlagValue<Row extends OptionRow> = Row['flag'] extends { commaSeparated: true }
  ? string
  : Row['type'] extends 'boolean'
    ? boolean
    : Row['type'] extends 'number'
      ? number
      : Row['type'] extends `${string}array of strings`
        ? string[]
        : string;

type FlagsIn<T extends OptionTable, Group extends FlagGroup> = {
  [
    Name in keyof T as T[Name] extends { flag: { groups: readonly (infer G)[] } }
      ? [Extract<G, Group>] extends [never]
        ? never
        : Name
      : never
  ]?: FlagValue<T[Name]>;
};

/** Arguments of a command that takes groups of flags; a flag that is not given is undefined. */
export type FlagArgs<Group extends FlagGroup> = FlagsIn<typeof FETCH, Group> &
  FlagsIn<typeof CONFIG, Group> &
  FlagsIn<typeof FLAGS_ONLY, Group>;

/** A row that has a flag. */
export type FlagRow = OptionRow & Required<Pick<OptionRow, 'flag'>>;

/** Returns the options of groups of flags, by their names, in the order of the groups. */
export function flagRows(groups: readonly FlagGroup[]): Map<string, FlagRow> {
  const rows = new Map<string, FlagRow>();
  for (const group of groups)
    for (const table of TABLES)
      for (const [name, row] of flagsOf(table))
        if (row.flag.groups.includes(group) && !rows.has(name)) rows.set(name, row);
  return rows;
}

const flagsOf = (table: Table): [string, FlagRow][] =>
  Object.entries(table as OptionTable).filter(
    (entry): entry is [string, FlagRow] => entry[1].flag !== undefined,
  );

/** Names of the options whose flags may be given several times, or that take several positionals. */
export const repeatableFlags = (): string[] =>
  TABLES.flatMap(flagsOf)
    .filter(([, row]) => isRepeatable(row))
    .map(([name]) => name);

/** Returns true if the command line takes a list for the option, one value a flag. */
export const isRepeatable = ({ type, flag }: FlagRow): boolean =>
  type.endsWith('array of strings') && flag.commaSeparated !== true;

/** Returns the flag of an option, without its dashes. */
export const flagName = (option: string): string =>
  option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Returns the options of the config file that the arguments of a command set. */
export const configOfFlags = (args: object): ReplayConfig => optionsOfFlags(args, CONFIG);

/** Returns the options of a fetch that the arguments of a command set. */
export const fetchOfFlags = (args: object): FetchOptions => optionsOfFlags(args, FETCH);

/** Returns the options of a cluster's connection that the arguments of a command set. */
export const connectionOfFlags = (args: FlagArgs<'connection'>): ConnectionOptions =>
  pickConnection(fetchOfFlags(args));

/** Returns the options of the connection out of those of a fetch. */
export const pickConnection = (options: FetchOptions): ConnectionOptions =>
  Object.fromEntries(Object.entries(options).filter(([name]) => CONNECTION.has(name)));

const CONNECTION: ReadonlySet<string> = new Set(flagRows(['connection']).keys());

function optionsOfFlags(args: object, table: OptionTable): object {
  const given = args as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, row]) => {
      const value = row.flag && given[name];
      // yargs makes an empty array of positionals that are not given.
      if (value === undefined || (row.flag!.positional && (value as string[]).length === 0)) return [];
      return [[name, row.flag!.commaSeparated ? splitByComma(value as string) : value]];
    }),
  );
}

const splitByComma = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

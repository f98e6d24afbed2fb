/** Name of an option's type. The config check compares values with it and shows it in messages. */
export type TypeName<T> = [T] extends [boolean]
  ? 'boolean'
  : [T] extends [string]
    ? 'string'
    : [T] extends [number]
      ? 'number'
      : [T] extends [readonly string[]]
        ? 'array of strings'
        : [T] extends [number | string]
          ? 'number or string'
          : [T] extends [string | readonly string[]]
            ? 'string or array of strings'
            : [T] extends [readonly unknown[]]
              ? 'array'
              : [T] extends [(...args: never[]) => unknown]
                ? 'function'
                : 'object';

/**
 * Groups of flags. A command takes whole groups:
 *
 * - `connection`: how a cluster is reached
 * - `code`: the workflow code, and how it is replayed
 * - `replay`: the histories that are replayed, and what fails the run
 * - `run`: options of `replay run` alone
 * - `fetch`: options of `replay fetch` alone
 * - `baseline`: the files that `replay baseline list` reads
 * - `merge`: what `replay merge` shows, and what fails it
 * - `deploy`: the open runs that `replay can-deploy` looks at, and how it shows them
 */
export type FlagGroup =
  'connection' | 'code' | 'replay' | 'run' | 'fetch' | 'baseline' | 'merge' | 'deploy' | 'patches';

/** The command line's form of an option. The flag is the option's name in kebab case. */
export interface Flag {
  groups: readonly FlagGroup[];
  /** Text of `--help`. The default is added to it. */
  describe: string;
  /** True if the value is given without a flag, after the command. */
  positional?: boolean;
  /** True if a list is given as one value, separated by commas. By default, the flag of a list is repeated. */
  commaSeparated?: boolean;
  /** True if the documentation names `--no-<flag>` too. */
  negatable?: boolean;
  /** True if the empty value has a meaning. By default, a flag without a value is refused. */
  mayBeEmpty?: boolean;
  /** Option without whose flag this one has no effect, and is refused. */
  requires?: string;
  /** A boolean option that this flag switches on, unless that option is given itself. */
  implies?: string;
}

/** The kind of path that the strings of an option are. */
export interface PathKind {
  /** A `module` may also be the name of a package, or lack its extension. A `pattern` may be a glob, or `-`. */
  kind: 'file' | 'module' | 'pattern';
  /** Directory that a relative path in the config file is relative to. A flag's path is relative to the current directory. */
  relativeTo: 'config file' | 'current directory';
}

/** A row of docs/configuration.md, in Markdown. */
export interface OptionDocs {
  meaning: string;
  /** Type, if the name of the option's type does not say enough. */
  type?: string;
  /** Flag, if it is not derived from {@link Flag}. */
  flag?: string;
}

/** All facts about one option. */
export interface OptionRow {
  /** A {@link TypeName}. */
  type: string;
  /** Default value, or a function that returns it if it depends on the machine. Without one, the option stays unset. */
  default?: unknown;
  /** Markdown that describes the default, if its value does not. */
  defaultText?: string;
  /** The values that are allowed; any if it is not set. */
  choices?: readonly string[];
  /** Smallest number that is allowed. A number that is no duration is then a whole one. */
  min?: number;
  /** Set if the value is a duration. It is resolved to a number under the option's name with `Ms` appended. */
  unit?: 'ms';
  path?: PathKind;
  /** True if the entries of `projects` inherit the option. */
  inherited?: boolean;
  /** True if only a function call can set the option. */
  callOnly?: boolean;
  /** Options of an object, or of each object in an array. */
  fields?: OptionTable;
  flag?: Flag;
  docs: OptionDocs;
}

/** Rows by the names of their options. */
export type OptionTable = Readonly<Record<string, OptionRow>>;

/** A row for each option of `T`, of the option's own type. */
export type RowsOf<T> = {
  readonly [K in keyof T]-?: OptionRow & {
    type: TypeName<NonNullable<T[K]>>;
    default?: Readonly<NonNullable<T[K]>> | (() => Readonly<NonNullable<T[K]>>);
  };
};

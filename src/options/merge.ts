import { configOfFlags, connectionOfFlags, fetchOfFlags, pickConnection } from './flags';
import type { LoadedConfig } from './load-config-file';
import type { OptionTable } from './option-row';
import { withPathsOfFile } from './paths-of-file';
import { CONFIG, COVERAGE, FETCH, REPORT, SOURCES } from './table';
import type {
  ConnectionOptions,
  ExecutionSelection,
  FetchOptions,
  ReplayConfig,
  ReplayOptions,
} from './types';
import { namesWorkflowCode } from './workflow-code';

/*
 * Options count in this order: the flags or the call, the config file, the defaults (see resolve.ts). What is still not set of a
 * cluster's connection comes from Temporal's environment variables, then from temporal.toml (see fetch/connect.ts).
 */

/** Options of the config file and the flags, merged. */
export interface MergedConfig extends ReplayConfig {
  histories: string[];
  fetch: NonNullable<ReplayConfig['fetch']>;
}

/**
 * Merges the config file with the arguments of a command. Relative paths of the result are relative to `cwd`. Beyond the order,
 * three rules hold:
 *
 * - A flag that names workflow code replaces all workflow code of the file. The file's `worker` stays, unless the flag is `--worker`,
 *   for its other options.
 * - Flags that name reporters replace the reporters of the file. Its `output` then counts only if one of them has no path.
 * - A flag that implies another option sets it, unless the flags or the file do.
 */
export function mergeConfig(args: object, file: LoadedConfig, cwd: string): MergedConfig {
  const flags = configOfFlags(args);
  return { ...impliedBy(flags), ...withoutReplaced(configOfFile(file, cwd), flags), ...flags };
}

/** Merges the connection of the config file with the arguments of a command. */
export const mergeConnection = (args: object, { fetch }: MergedConfig): ConnectionOptions => ({
  ...pickConnection(fetch),
  ...connectionOfFlags(args),
});

/**
 * Merges the options of a fetch. A flag that selects executions, or a list of them, replaces the query and the executions of the
 * config file.
 */
export function mergeFetch(
  args: object,
  { fetch }: MergedConfig,
  executions?: ExecutionSelection[],
): FetchOptions {
  const flags = fetchOfFlags(args);
  const { query: _, executions: __, ...unselected } = fetch;
  const selects = flags.query !== undefined || executions !== undefined;
  return { ...(selects ? unselected : fetch), ...flags, ...(executions && { executions }) };
}

/** Returns the options that every command that replays takes from a config. */
export const replayOptionsOf = (config: ReplayConfig): Omit<ReplayOptions, 'histories' | 'cwd' | 'signal'> =>
  without(config, { ...SOURCES, ...COVERAGE, ...REPORT });

/** Returns the options of the coverage, which `replay run` alone takes. */
export const coverageOptionsOf = ({
  coverage,
  coverageDir,
}: ReplayConfig): Pick<ReplayConfig, 'coverage' | 'coverageDir'> => definedOnly({ coverage, coverageDir });

/** Returns the options of a config file, with paths relative to `cwd` and the defaults that are relative to its directory. */
function configOfFile({ config, dir }: LoadedConfig, cwd: string): MergedConfig {
  const { histories = [...SOURCES.histories.default], fetch = {} } = config;
  const whole = { ...definedOnly(config), histories, fetch: { out: FETCH.out.default, ...fetch } };
  // Paths of a file in the current directory stay as they are written, because projects are named by them.
  const table = dir === cwd ? SOURCES : CONFIG;
  return withPathsOfFile(whole, table, { configDir: dir, cwd });
}

/** Returns the options of the file that the flags leave in force. */
function withoutReplaced(file: MergedConfig, flags: ReplayConfig): MergedConfig {
  const replaced: (keyof ReplayConfig)[] = [];
  if (namesWorkflowCode(flags)) replaced.push('workflowsPath', 'bundle', 'projects');
  const reporters = flags.reporter === undefined ? [''] : [flags.reporter].flat();
  if (reporters.every((reporter) => reporter.includes('='))) replaced.push('output');
  return without(file, Object.fromEntries(replaced.map((name) => [name, CONFIG[name]])));
}

const impliedBy = (flags: ReplayConfig): ReplayConfig =>
  Object.fromEntries(
    Object.keys(flags).flatMap((name) => {
      const implied = (CONFIG as OptionTable)[name]?.flag?.implies;
      return implied === undefined ? [] : [[implied, true]];
    }),
  );

/** Returns the options that a table has no row for. */
const without = <T extends object>(options: T, table: OptionTable): T =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !Object.hasOwn(table, name))) as T;

const definedOnly = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;

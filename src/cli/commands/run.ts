import { isAbsolute, relative, resolve } from 'node:path';
import type { Argv, ArgumentsCamelCase } from 'yargs';
import { loadHistories } from '../../history/load';
import type { HistorySource } from '../../model/history';
import { loadConfigFile } from '../../options/load-config-file';
import { locateModule } from '../../options/resolve';
import type { ConnectionOptions, ReplayConfig } from '../../options/types';
import { checkEnough, exitCodeOf, startReplayFor } from '../../run/run';
import { REPORTERS } from '../../report/reporters';
import { hidesValues, resultWithoutValues, withoutValues } from '../../report/hide-values';
import { openReporters } from '../../report/open-reporters';
import { type GivenReporters, isOutputForPeople, needsOf, reporterSpecs } from '../../report/reporter-specs';
import type { Screen } from '../../report/reporter';
import {
  type ConnectionArgs,
  connectionInDirectory,
  connectionOf,
  connectionOptions,
} from '../options/connection';
import { refuseRepeatedFlags } from '../options/repeated-flags';
import { abortOnSignals } from '../terminal/abort-on-signals';
import { processScreen } from '../terminal/screen';
import { withoutPlaceholder } from '../options/stdin-placeholder';
import type { Command } from '../command';

/** What is replayed against what, and how: the options of every command that replays. */
export interface ReplayArgs extends ConnectionArgs {
  histories?: string[];
  query?: string;
  limit?: number;
  config?: string;
  workflowsPath?: string;
  bundle?: string;
  workflowInterceptors?: string[];
  payloadConverter?: string;
  failureConverter?: string;
  dataConverter?: string;
  concurrency?: number;
  timeout?: string;
  strict?: boolean;
  minHistories?: number;
  requireTypes?: string;
  failOnUncovered?: boolean;
  baseline?: string;
  changedSince?: string;
  fast?: boolean;
  cache?: boolean;
  cacheDir?: string;
}

export interface RunArgs extends ReplayArgs {
  reporter?: string[];
  output?: string;
  hideValues?: boolean;
  watch?: boolean;
  coverage?: boolean;
  coverageDir?: string;
}

export const runCommand: Command<RunArgs> = {
  builder: (yargs) =>
    replayOptions(yargs)
      .option('changed-since', {
        type: 'string',
        describe: 'Git ref: mark the failures that the code had there already',
      })
      .option('watch', {
        type: 'boolean',
        describe: 'Replay again on a change of the code or the histories, only what is affected',
      })
      .option('coverage', {
        type: 'boolean',
        describe: 'Say which workflow code the histories exercise, and write lcov.info',
      })
      .option('coverage-dir', { type: 'string', describe: 'Directory of lcov.info (default: coverage)' })
      .option('reporter', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: `How to show the result, name or name=path, repeatable: ${Object.keys(REPORTERS).join(', ')}`,
      })
      .option('hide-values', {
        type: 'boolean',
        describe: 'Show shapes instead of values (default: in CI, with --query)',
      })
      .option('output', {
        type: 'string',
        describe: 'File for the reporter that has no path of its own',
      }) as Argv<RunArgs>,
  handler: async (args) => {
    process.exitCode = await run(args, processScreen());
  },
};

/** Which code, and how it is replayed. */
export const codeOptions = (yargs: Argv): Argv =>
  yargs
    .option('config', {
      type: 'string',
      describe: 'Config file (default: replay.config.{ts,mts,js,mjs,cjs,json})',
    })
    .option('workflows-path', {
      type: 'string',
      describe: 'Workflow code, as in WorkerOptions.workflowsPath',
    })
    .option('bundle', { type: 'string', describe: 'Prebuilt workflow bundle' })
    .option('workflow-interceptors', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Interceptor module',
    })
    .option('payload-converter', { type: 'string', describe: 'Payload converter module' })
    .option('failure-converter', { type: 'string', describe: 'Failure converter module' })
    .option('data-converter', {
      type: 'string',
      describe: 'Module that exports dataConverter (payload codecs)',
    })
    .option('concurrency', { type: 'number', describe: 'Replay processes (default: one a core)' })
    .option('timeout', {
      type: 'string',
      describe: 'Longest time for one history: ms or e.g. 30s (default: 120s)',
    })
    .option('fast', {
      type: 'boolean',
      describe: 'Speed-ups that keep verdicts (--no-fast switches them off)',
    })
    .option('cache', { type: 'boolean', describe: 'Keep bundles by the hash of their inputs (--no-cache)' })
    .option('cache-dir', { type: 'string', describe: 'Where bundles are kept' });

export const replayOptions = (yargs: Argv): Argv<ReplayArgs> =>
  codeOptions(connectionOptions(yargs))
    .positional('histories', {
      type: 'string',
      array: true,
      describe: 'Files, directories or globs; - for standard input',
      defaultDescription: 'histories',
    })
    .option('query', { type: 'string', describe: 'Replay straight from a cluster: visibility list filter' })
    .option('limit', { type: 'number', describe: 'With --query: at most this many runs' })
    .option('strict', { type: 'boolean', describe: 'Drift fails the run' })
    .option('min-histories', { type: 'number', describe: 'Fail with fewer histories' })
    .option('require-types', {
      type: 'string',
      describe: 'Workflow types that must be covered, comma-separated',
    })
    .option('fail-on-uncovered', { type: 'boolean', describe: 'Fail where a workflow type has no history' })
    .option('baseline', {
      type: 'string',
      describe: 'File of known failures that are accepted for now',
    }) as Argv<ReplayArgs>;

const REPEATABLE = ['_', 'histories', 'workflowInterceptors', 'workflow-interceptors', 'reporter'];

/** Runs to the end and returns the exit code. */
async function run(args: ArgumentsCamelCase<RunArgs>, screen: Screen): Promise<number> {
  const cwd = process.cwd();
  const settings = await settingsOf(args, cwd);
  const { config } = settings;
  if (args.watch) {
    const { watch } = await import('./watch.js');
    return await watch(args, settings, pathsOf(args, settings), screen);
  }
  const context = { cwd, env: process.env, isStrict: config.strict ?? false };
  const specs = reporterSpecs(reportersOf(args, settings.file), context);
  const reporter = openReporters(specs, screen, context);
  const abort = abortOnSignals();
  const sources = await sourcesOf(args, settings, abort.signal);
  const measured = coverageOf(args, settings);
  const options = { ...config, ...measured, histories: sources.histories, cwd, signal: abort.signal };
  const replay = startReplayFor(options, needsOf(specs));
  const isHidden = hidesValues(args.hideValues ?? settings.file.hideValues, {
    env: process.env,
    isFromCluster: args.query !== undefined,
  });
  let done = 0;
  for await (const result of replay) {
    done++;
    reporter.onResult?.(isHidden ? resultWithoutValues(result) : result, { done, total: sources.total });
  }
  const found = await replay.report();
  await reporter.onEnd?.(isHidden ? withoutValues(found) : found);
  if (found.changedSince?.problem) screen.err(`${found.changedSince.problem}\n`);
  if (abort.exitCode() !== null) {
    screen.err(`Interrupted after ${found.summary.histories} histories: the report is of those.\n`);
    return abort.exitCode()!;
  }
  checkEnough(found, config);
  const coverage = await replay.coverage();
  if (coverage) {
    const { coverageText } = await import('../../report/text/coverage-text.js');
    // What a program reads on standard output must stay whole.
    (isOutputForPeople(specs) ? screen.out : screen.err)(coverageText(coverage, screen, cwd));
  }
  return exitCodeOf(found, config);
}

/** The flags go before the file, whose directory is relative to its own. */
function coverageOf(args: RunArgs, { file, dir }: Settings): Pick<ReplayConfig, 'coverage' | 'coverageDir'> {
  const coverageDir = args.coverageDir ?? (file.coverageDir && resolve(dir, file.coverageDir));
  return {
    coverage: args.coverage ?? file.coverage ?? args.coverageDir !== undefined,
    ...(coverageDir && { coverageDir }),
  };
}

/** Reporters of the command line stand for those of the file; its `output` then counts where it still has one to be for. */
function reportersOf(args: RunArgs, config: ReplayConfig): GivenReporters {
  const configured = config.reporter === undefined ? undefined : [config.reporter].flat().map(String);
  const isOutputForNone = args.reporter?.every((spec) => spec.includes('=')) ?? false;
  return {
    reporters: args.reporter ?? configured,
    output: args.output ?? (isOutputForNone ? undefined : config.output),
  };
}

/** The flags and the config file, as one. */
export interface Settings {
  config: RunConfig;
  /** The config file as it stands. */
  file: ReplayConfig;
  /** Directory of the config file. */
  dir: string;
  /** Relative paths are taken from here. */
  cwd: string;
}

/** @throws USAGE, CONFIG_NOT_FOUND, CONFIG_INVALID */
export async function settingsOf(args: ReplayArgs, cwd: string): Promise<Settings> {
  refuseRepeatedFlags(args, REPEATABLE);
  const { config: file, dir } = await loadConfigFile(cwd, args.config);
  const config = mergeConfig(replayOptionsOf(file), dir, flagsOf(args), cwd);
  return { config, file, dir, cwd };
}

/** What the arguments or the config file name: files, or the runs of a query. */
export async function sourcesOf(
  args: ReplayArgs,
  { file, dir, cwd }: Settings,
  signal: AbortSignal,
): Promise<{ total: number | null; histories: AsyncIterable<HistorySource> | HistorySource[] }> {
  if (args.query !== undefined)
    return {
      total: null,
      histories: clusterHistories(args, connectionInDirectory(file.fetch ?? {}, dir), signal),
    };
  return fileHistories(pathsOf(args, { file, dir }), cwd, signal);
}

function pathsOf(args: ReplayArgs, { file, dir }: Pick<Settings, 'file' | 'dir'>): string[] {
  const named = withoutPlaceholder(args.histories ?? []);
  return named.length ? named : (file.histories ?? ['histories']).map((path) => inDir(dir, path));
}

/** Relative to here where it was relative to there, so that reports read the same on every machine. */
function inDir(dir: string, path: string): string {
  if (path === '-' || isAbsolute(path)) return path;
  return relative(process.cwd(), resolve(dir, path)) || '.';
}

async function fileHistories(
  paths: string[],
  cwd: string,
  signal: AbortSignal,
): Promise<{ total: number; histories: HistorySource[] }> {
  const histories: HistorySource[] = [];
  for await (const source of loadHistories({ paths, cwd, signal })) histories.push(source);
  return { total: histories.length, histories };
}

async function* clusterHistories(
  args: ReplayArgs,
  configured: ConnectionOptions,
  signal: AbortSignal,
): AsyncGenerator<HistorySource> {
  // The gRPC client takes 0.1 s to load, and most runs need none.
  const { streamHistories } = await import('../../fetch/fetch-histories.js');
  yield* streamHistories({
    ...configured,
    ...connectionOf(args),
    query: args.query!,
    ...(args.limit !== undefined && { limit: args.limit }),
    signal,
  });
}

/** What every command that replays has of the file; the rest is `replay run`'s own. */
function replayOptionsOf(file: ReplayConfig): RunConfig {
  const { histories: _, fetch: __, reporter: ___, output: ____, hideValues: _____, ...rest } = file;
  const { coverage: ______, coverageDir: _______, ...options } = rest;
  return options;
}

type RunConfig = Omit<
  ReplayConfig,
  'histories' | 'fetch' | 'reporter' | 'output' | 'hideValues' | 'coverage' | 'coverageDir'
>;

function flagsOf(args: ReplayArgs): RunConfig {
  const flags: Record<string, unknown> = {
    workflowsPath: args.workflowsPath,
    bundle: args.bundle,
    workflowInterceptors: args.workflowInterceptors,
    payloadConverter: args.payloadConverter,
    failureConverter: args.failureConverter,
    dataConverter: args.dataConverter,
    namespace: args.namespace,
    concurrency: args.concurrency,
    timeout: args.timeout,
    strict: args.strict,
    minHistories: args.minHistories,
    requireTypes: args.requireTypes
      ?.split(',')
      .map((type) => type.trim())
      .filter(Boolean),
    failOnUncovered: args.failOnUncovered,
    baseline: args.baseline,
    changedSince: args.changedSince,
    fast: args.fast,
    cache: args.cache,
    cacheDir: args.cacheDir,
  };
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as RunConfig;
}

const PATHS = ['bundle', 'baseline', 'cacheDir'] as const;
const MODULES = ['workflowsPath', 'payloadConverter', 'failureConverter', 'dataConverter'] as const;

/** Flags before the file. The file's relative paths are taken from its own directory, the flags' from here. */
function mergeConfig(file: RunConfig, dir: string, flags: RunConfig, cwd: string): RunConfig {
  const atHome = dir === cwd ? file : absolute(file, dir);
  // Code named on the command line stands for the whole of what the file says of code.
  const { workflowsPath, bundle, projects, ...rest } = atHome;
  const namesCode = flags.workflowsPath !== undefined || flags.bundle !== undefined;
  const code = namesCode
    ? {}
    : Object.fromEntries(
        Object.entries({ workflowsPath, bundle, projects }).filter(([, v]) => v !== undefined),
      );
  return { ...rest, ...code, ...flags };
}

/** What cannot be found stays a path: the file's value may count for nothing, and else it is refused later. */
function absolute(config: RunConfig, dir: string): RunConfig {
  const path = (value: string): string => resolve(dir, value);
  const module = (id: string): string => locateModule(id, dir) ?? path(id);
  return {
    ...config,
    ...mapped(config, PATHS, path),
    ...mapped(config, MODULES, module),
    ...(config.workflowInterceptors && { workflowInterceptors: config.workflowInterceptors.map(module) }),
    ...(config.projects && { projects: config.projects.map((project) => absolute(project, dir)) }),
  };
}

const mapped = (config: RunConfig, keys: readonly (keyof RunConfig)[], map: (value: string) => string) =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const value = config[key];
      return typeof value === 'string' ? [[key, map(value)]] : [];
    }),
  );

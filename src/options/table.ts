import type { BundleOptions } from '@temporalio/worker';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ENGINE_CHOICES } from '../model/engine';
import { cacheDirectory } from '../util/cache-directory';
import type { OptionTable, PathKind, RowsOf } from './option-row';
import type { FetchOptions, ProjectOptions, ReplayConfig } from './types';

/*
 * One row an option. The config check, the flags, the defaults, the paths and the tables of docs/configuration.md are derived from
 * the rows. The types and docstrings that editors show are in types.ts; a row that disagrees with its type does not compile.
 */

const FILE: PathKind = { kind: 'file', relativeTo: 'config file' };
const MODULE: PathKind = { kind: 'module', relativeTo: 'config file' };

const BUNDLER_OPTIONS = {
  ignoreModules: { type: 'array of strings', docs: { meaning: '' } },
  preloadModules: { type: 'array of strings', docs: { meaning: '' } },
  webpackConfigHook: { type: 'function', docs: { meaning: '' } },
} as const satisfies RowsOf<Pick<BundleOptions, 'ignoreModules' | 'preloadModules' | 'webpackConfigHook'>>;

/** Options of one project. */
export const PROJECT = {
  worker: {
    type: 'string',
    path: MODULE,
    flag: { groups: ['code'], describe: 'Module that exports what the service hands to Worker.create' },
    docs: {
      meaning:
        'module that exports [what the service hands to `Worker.create`](#worker); the options below count before its own',
    },
  },
  workflowsPath: {
    type: 'string',
    path: MODULE,
    flag: { groups: ['code'], describe: 'Workflow code, as in WorkerOptions.workflowsPath' },
    docs: {
      meaning: 'workflow code, as in `WorkerOptions.workflowsPath`; it is bundled as a worker bundles it',
    },
  },
  bundle: {
    type: 'string',
    path: FILE,
    flag: { groups: ['code'], describe: 'Prebuilt workflow bundle' },
    docs: {
      meaning:
        'a prebuilt bundle instead, which must itself hold the payload converter and the workflow interceptors',
    },
  },
  name: {
    type: 'string',
    defaultText: 'the path of the code',
    docs: { meaning: 'name that messages show' },
  },
  workflowInterceptors: {
    type: 'array of strings',
    default: [],
    path: MODULE,
    inherited: true,
    flag: { groups: ['code'], describe: 'Interceptor module (repeatable)' },
    docs: { meaning: 'modules, as in `BundleOptions.workflowInterceptorModules`' },
  },
  payloadConverter: {
    type: 'string',
    defaultText: "the SDK's",
    path: MODULE,
    inherited: true,
    flag: { groups: ['code'], describe: 'Payload converter module' },
    docs: { meaning: 'module, as in `BundleOptions.payloadConverterPath`' },
  },
  failureConverter: {
    type: 'string',
    defaultText: "the SDK's",
    path: MODULE,
    inherited: true,
    flag: { groups: ['code'], describe: 'Failure converter module' },
    docs: { meaning: 'module, as in `BundleOptions.failureConverterPath`' },
  },
  dataConverter: {
    type: 'string',
    defaultText: "the SDK's",
    path: MODULE,
    inherited: true,
    flag: { groups: ['code'], describe: 'Module that exports dataConverter (payload codecs)' },
    docs: {
      meaning:
        'module that exports `dataConverter`, or has one as its default export; payload codecs belong here. Its `payloadConverterPath` and `failureConverterPath` go into the bundle unless the two options above are set',
    },
  },
  plugins: {
    type: 'string',
    path: MODULE,
    inherited: true,
    docs: { meaning: 'module that exports `plugins`, as in `WorkerOptions.plugins`' },
  },
  reuseV8Context: {
    type: 'boolean',
    defaultText: "the SDK's",
    inherited: true,
    docs: { meaning: 'as in `WorkerOptions.reuseV8Context`' },
  },
  workflowFailureErrorTypes: {
    type: 'object',
    inherited: true,
    docs: {
      meaning:
        'names of the errors that fail a workflow instead of its task, by workflow type, as in `WorkerOptions.workflowFailureErrorTypes`',
    },
  },
  taskQueue: {
    type: 'string',
    defaultText: '`name`',
    docs: {
      meaning: 'task queue that the worker polls: [its histories](#routing) are those of this project',
    },
  },
  deploymentVersion: {
    type: 'string',
    docs: {
      meaning:
        'worker deployment version, as `<deployment name>.<build id>` or the build id alone, for projects that have one task queue',
    },
  },
  namespace: {
    type: 'string',
    defaultText: "the history's, else the worker's, else `default`",
    inherited: true,
    flag: { groups: ['replay'], describe: 'Namespace' },
    docs: {
      meaning:
        'namespace that workflow code sees in `workflowInfo()`, and payload codecs in their context; required if one of them reads it and [the history lacks it](histories.md#ids)',
    },
  },
  bundlerOptions: {
    type: 'object',
    default: {},
    inherited: true,
    fields: BUNDLER_OPTIONS,
    docs: {
      meaning: '`ignoreModules`, `preloadModules`, `webpackConfigHook`, as in `WorkerOptions.bundlerOptions`',
    },
  },
  cacheKey: {
    type: 'string',
    inherited: true,
    docs: {
      meaning:
        'text for what a `webpackConfigHook` or a plugin depends on [besides its sources](#hooks-and-the-cache)',
    },
  },
} as const satisfies RowsOf<ProjectOptions>;

const PROJECTS = {
  projects: {
    type: 'array',
    fields: PROJECT,
    docs: { type: '`ProjectOptions[]`', meaning: 'one entry a worker' },
  },
} as const satisfies RowsOf<Pick<ReplayConfig, 'projects'>>;

/** Options that reach a cluster, select executions of it and store their histories. */
export const FETCH = {
  address: {
    type: 'string',
    defaultText: 'from `TEMPORAL_ADDRESS` or `temporal.toml`, else `localhost:7233`',
    flag: { groups: ['connection'], describe: 'Address of the cluster, host:port' },
    docs: { meaning: 'address of the cluster, `host:port`' },
  },
  namespace: {
    type: 'string',
    defaultText: 'from `TEMPORAL_NAMESPACE` or `temporal.toml`, else `default`',
    flag: { groups: ['connection'], describe: 'Namespace' },
    docs: { meaning: 'namespace of the cluster' },
  },
  apiKey: {
    type: 'string',
    flag: { groups: ['connection'], describe: 'API key (better in TEMPORAL_API_KEY)' },
    docs: { meaning: 'API key; better in `TEMPORAL_API_KEY`, because `ps` shows flags' },
  },
  tls: {
    type: 'boolean',
    defaultText: 'on with an API key or a certificate',
    flag: { groups: ['connection'], describe: 'Use TLS', negatable: true },
    docs: { meaning: 'forces TLS on or off' },
  },
  tlsCaPath: {
    type: 'string',
    defaultText: "the system's",
    path: FILE,
    flag: { groups: ['connection'], describe: 'CA certificate of the server' },
    docs: { meaning: 'CA certificate of the server' },
  },
  tlsCertPath: {
    type: 'string',
    path: FILE,
    flag: { groups: ['connection'], describe: 'Client certificate' },
    docs: { meaning: 'client certificate; requires `tlsKeyPath`' },
  },
  tlsKeyPath: {
    type: 'string',
    path: FILE,
    flag: { groups: ['connection'], describe: 'Key of the client certificate' },
    docs: { meaning: 'key of the client certificate' },
  },
  tlsServerName: {
    type: 'string',
    flag: { groups: ['connection'], describe: 'Name that the server certificate must carry' },
    docs: { meaning: "name that the server's certificate must carry" },
  },
  profile: {
    type: 'string',
    defaultText: '`default`',
    flag: { groups: ['connection'], describe: 'Profile of temporal.toml' },
    docs: { meaning: 'profile of `temporal.toml`' },
  },
  configFile: {
    type: 'string',
    defaultText: "in the user's configuration directory",
    path: FILE,
    flag: { groups: ['connection'], describe: 'Path of temporal.toml' },
    docs: { meaning: 'path of `temporal.toml`' },
  },
  query: {
    type: 'string',
    flag: {
      groups: ['fetch'],
      describe: 'Visibility list filter that selects the runs',
      mayBeEmpty: true,
    },
    docs: { meaning: '[list filter](https://docs.temporal.io/list-filter); excludes `executions`' },
  },
  executions: {
    type: 'array',
    docs: {
      type: '`{ workflowId, runId? }[]`',
      flag: '`--workflow-id`, `--run-id`, `-`',
      meaning: 'runs by their ids; without a run id, the latest run',
    },
  },
  limit: {
    type: 'number',
    defaultText: 'no limit',
    flag: { groups: ['fetch'], describe: 'Maximum number of runs' },
    docs: { meaning: 'maximum number of runs' },
  },
  limitPerType: {
    type: 'number',
    defaultText: 'no limit',
    flag: { groups: ['fetch'], describe: 'Maximum number of runs of each workflow type' },
    docs: { meaning: 'maximum number of runs of each workflow type' },
  },
  perShape: {
    type: 'number',
    defaultText: 'no limit',
    flag: { groups: ['fetch'], describe: 'Maximum number of runs of each workflow type and shape' },
    docs: { meaning: 'maximum number of runs of each workflow type and [shape](show.md#--shape)' },
  },
  out: {
    type: 'string',
    default: 'histories',
    path: FILE,
    flag: { groups: ['fetch'], describe: 'Directory to write to' },
    docs: { meaning: 'directory to write to' },
  },
  concurrency: {
    type: 'number',
    default: 8,
    flag: { groups: ['fetch'], describe: 'Number of concurrent downloads' },
    docs: { meaning: 'number of concurrent downloads' },
  },
  dryRun: {
    type: 'boolean',
    default: false,
    flag: { groups: ['fetch'], describe: 'List and count, write nothing' },
    docs: { meaning: 'lists and counts, writes nothing' },
  },
  refresh: {
    type: 'boolean',
    default: false,
    flag: { groups: ['fetch'], describe: 'Download closed runs again that are already stored' },
    docs: { meaning: 'downloads closed runs again that are already stored' },
  },
  gzip: {
    type: 'boolean',
    default: false,
    flag: { groups: ['fetch'], describe: 'Write .json.gz' },
    docs: { meaning: 'writes `.json.gz`' },
  },
  signal: {
    type: 'object',
    callOnly: true,
    docs: { type: '`AbortSignal`', meaning: 'stops the fetch; only for the function' },
  },
  onProgress: {
    type: 'function',
    callOnly: true,
    docs: { type: 'function', meaning: 'called once for each run, when it is done; only for the function' },
  },
} as const satisfies RowsOf<FetchOptions>;

/** Options that say where histories come from. */
export const SOURCES = {
  histories: {
    type: 'array of strings',
    default: ['histories'],
    path: { kind: 'pattern', relativeTo: 'config file' },
    flag: {
      groups: ['replay'],
      describe: 'Files, directories or globs; - for standard input',
      positional: true,
    },
    docs: {
      flag: '`replay run <histories..>`',
      meaning: 'files, directories, globs, `-` for standard input ([forms](histories.md))',
    },
  },
  fetch: {
    type: 'object',
    default: {},
    fields: FETCH,
    docs: { meaning: 'defaults of [`replay fetch`](#fetch), and of the connection of `replay run --query`' },
  },
} as const satisfies RowsOf<Pick<ReplayConfig, 'histories' | 'fetch'>>;

/** Options that say what fails a run. */
export const GATE = {
  strict: {
    type: 'boolean',
    default: false,
    flag: { groups: ['replay', 'merge', 'deploy'], describe: 'Fail the run on drift' },
    docs: { meaning: '[drift](verdicts.md#drift) fails the run' },
  },
  failOnExisting: {
    type: 'boolean',
    default: false,
    flag: {
      groups: ['replay', 'merge', 'deploy'],
      describe: 'Fail the run on failures in which recorded runs were stuck already',
    },
    docs: {
      meaning: 'failures in which [recorded runs were stuck already](gate.md#stuck-already) fail the run',
    },
  },
  minHistories: {
    type: 'number',
    default: 1,
    min: 0,
    flag: { groups: ['replay', 'merge'], describe: 'Fail the run if there are fewer histories' },
    docs: { meaning: 'fewer histories are an error; none always are' },
  },
  requireTypes: {
    type: 'array of strings',
    default: [],
    flag: {
      groups: ['replay', 'merge'],
      describe: 'Workflow types that must have a history, separated by commas',
      commaSeparated: true,
    },
    docs: { flag: '`--require-types a,b`', meaning: 'workflow types that must have a history' },
  },
  shard: {
    type: 'string',
    flag: { groups: ['run'], describe: 'Replay one part of the histories alone, such as 2/5' },
    docs: {
      meaning: 'replays [one part](ci.md#in-shards) of the histories alone, such as `2/5`',
    },
  },
  failOnUncovered: {
    type: 'boolean',
    default: false,
    flag: { groups: ['replay', 'merge'], describe: 'Fail the run if a workflow type has no history' },
    docs: {
      meaning: 'a workflow type of the bundle without a history fails the run; it is listed in any case',
    },
  },
  baseline: {
    type: 'string',
    path: FILE,
    flag: { groups: ['replay', 'baseline'], describe: 'File of known failures that are accepted for now' },
    docs: { meaning: 'file of [known failures](gate.md#baseline) that are accepted for now' },
  },
  changedSince: {
    type: 'string',
    flag: {
      groups: ['run'],
      describe: 'Git ref, such as origin/main: mark the failures that exist there already',
    },
    docs: { meaning: 'git ref: [marks the failures](gate.md#changed-since) that the code had there already' },
  },
  timeout: {
    type: 'number or string',
    // Suits a history of 50,000 events on a slow CI machine.
    default: '120s',
    unit: 'ms',
    flag: { groups: ['code'], describe: 'Longest time for one history, in ms or as in 30s' },
    docs: { meaning: 'longest time for one history, in ms or as `30s`, `2m`' },
  },
} as const satisfies Partial<RowsOf<ReplayConfig>>;

/** Options that say how histories are replayed. */
export const REPLAY = {
  adviceTimeout: {
    type: 'number or string',
    default: '20s',
    unit: 'ms',
    min: 0,
    flag: {
      groups: ['replay', 'deploy'],
      describe: 'Time to try suggested changes in, in ms or as in 20s; 0 tries none',
    },
    docs: {
      meaning:
        'time in which [suggested changes are tried](diagnosis.md#remedies), in ms or as `20s`; `0` tries none',
    },
  },
  concurrency: {
    type: 'number',
    default: availableParallelism,
    defaultText: 'the number of cores',
    min: 1,
    flag: { groups: ['code'], describe: 'Number of replay processes, at most four for each core' },
    docs: {
      meaning: 'number of replay processes; at most one for each history and four for each core',
    },
  },
  fast: {
    type: 'boolean',
    default: true,
    flag: {
      groups: ['code'],
      describe: 'Replay faster with the same verdicts (on by default; --no-fast switches it off)',
      negatable: true,
    },
    docs: {
      meaning: 'no promise hook and no vm timeout in the sandbox: about twice as fast, the same verdicts',
    },
  },
  engine: {
    type: 'string',
    default: 'core',
    choices: ENGINE_CHOICES,
    flag: { groups: ['code'], describe: 'Engine that replays: auto, core or both' },
    docs: {
      type: "`'auto' \\| 'core' \\| 'both'`",
      meaning:
        'engine that replays: `core` is that of the SDK, `auto` asks [the screen](engine.md) first, `both` asks both and compares them',
    },
  },
  cache: {
    type: 'boolean',
    default: true,
    flag: {
      groups: ['code'],
      describe: 'Reuse the bundle of unchanged code (on by default; --no-cache bundles anew)',
      negatable: true,
    },
    docs: {
      meaning:
        'keeps bundles by the hash of all their inputs, options and versions; unused ones are removed after 30 days, replaced ones after a day',
    },
  },
  cacheDir: {
    type: 'string',
    default: () => join(cacheDirectory(), 'bundles'),
    defaultText: "`bundles` in the user's cache directory",
    path: FILE,
    flag: { groups: ['code'], describe: 'Directory of the bundles that are kept' },
    docs: { meaning: 'directory of the bundles that are kept' },
  },
} as const satisfies Partial<RowsOf<ReplayConfig>>;

/** Options of the coverage, which `replay run` alone measures. */
export const COVERAGE = {
  coverage: {
    type: 'boolean',
    default: false,
    flag: {
      groups: ['run'],
      describe: 'Report which workflow code the histories exercise, and write lcov.info',
    },
    docs: {
      meaning:
        'reports [which workflow code the histories exercise](coverage.md), and writes `lcov.info`; only for `replay run`, not with a prebuilt `bundle`',
    },
  },
  coverageDir: {
    type: 'string',
    default: 'coverage',
    path: FILE,
    flag: { groups: ['run'], describe: 'Directory of lcov.info', implies: 'coverage' },
    docs: { meaning: 'directory of `lcov.info`; the flag implies `--coverage`' },
  },
} as const satisfies Partial<RowsOf<ReplayConfig>>;

/** Options of `replay run` alone: how the result is shown, and which results are those of earlier runs. */
export const REPORT = {
  reporter: {
    type: 'string or array of strings',
    defaultText: 'depends on the environment',
    flag: {
      groups: ['run', 'merge', 'deploy'],
      describe: 'How to show the result, name or name=path (repeatable)',
    },
    docs: { meaning: '`name`, or `name=path` for a file; [reporters.md](reporters.md) lists all reporters' },
  },
  output: {
    type: 'string',
    defaultText: 'standard output',
    path: { kind: 'file', relativeTo: 'current directory' },
    flag: {
      groups: ['run', 'merge', 'deploy'],
      describe: 'File of the reporter that has no path of its own',
    },
    docs: {
      meaning:
        'file of the one reporter that has no path, written whole or not at all; relative to the current directory, in the config file too',
    },
  },
  uiUrl: {
    type: 'string',
    defaultText: "Temporal Cloud's, if the connection leads there",
    flag: {
      groups: ['run', 'deploy'],
      describe: 'Address of the Temporal UI, for links to the runs of histories',
    },
    docs: {
      meaning: 'address of the Temporal UI, for links from [the HTML report](html-report.md) to the runs',
    },
  },
  hideValues: {
    type: 'boolean',
    defaultText: 'in CI with `--query`',
    flag: {
      groups: ['run', 'deploy'],
      describe: 'Show types such as <string> in the place of recorded values',
      negatable: true,
    },
    docs: {
      meaning:
        'shapes (`<string>`) instead of [the values that drifted](reporters.md#values), and no messages of thrown errors, in every reporter',
    },
  },
  reuseResults: {
    type: 'boolean',
    default: true,
    flag: {
      groups: ['run'],
      describe: 'Keep results that pass, until something changes that counts for them (on by default)',
      negatable: true,
    },
    docs: {
      meaning:
        '[results of earlier runs](verdicts.md#results-of-earlier-runs) stand for histories for which nothing has changed; `cache: false` replays all',
    },
  },
} as const satisfies Partial<RowsOf<ReplayConfig>>;

/** Every option of the config file. */
export const CONFIG = {
  ...PROJECT,
  ...PROJECTS,
  ...SOURCES,
  ...GATE,
  ...REPLAY,
  ...COVERAGE,
  ...REPORT,
} as const satisfies RowsOf<ReplayConfig>;

/** Flags of the commands that replay which no option of the config file corresponds to. */
export const FLAGS_ONLY = {
  query: {
    type: 'string',
    flag: {
      groups: ['replay', 'deploy', 'patches'],
      describe: 'Visibility list filter: replay runs of a cluster instead of files',
      mayBeEmpty: true,
    },
    docs: {
      meaning:
        'replays runs of a cluster instead of files, and stores nothing. The connection is that of `fetch` below, with the same flags',
    },
  },
  limit: {
    type: 'number',
    flag: { groups: ['replay'], describe: 'With --query: maximum number of runs', requires: 'query' },
    docs: { meaning: 'with `--query`: maximum number of runs' },
  },
  config: {
    type: 'string',
    defaultText: '`replay.config.{ts,mts,js,mjs,cjs,json}`',
    flag: { groups: ['code', 'fetch', 'baseline', 'merge'], describe: 'Config file' },
    docs: { meaning: 'the config file' },
  },
  verbose: {
    type: 'boolean',
    default: false,
    flag: { groups: ['run'], describe: 'Show which engine replayed the histories, and why' },
    docs: { meaning: 'shows [which engine replayed the histories](engine.md), and why' },
  },
  watch: {
    type: 'boolean',
    default: false,
    flag: {
      groups: ['run'],
      describe: 'Replay again what a change of the code or of the histories affects',
    },
    docs: { meaning: 'replays again what a change of the code or of the histories affects' },
  },
  buildId: {
    type: 'string',
    flag: {
      groups: ['deploy', 'patches'],
      describe: 'Build id of the worker deployment version about to go out',
    },
    docs: { meaning: 'build id of the worker deployment version about to go out' },
  },
  deployment: {
    type: 'string',
    flag: { groups: ['deploy', 'patches'], describe: 'Name of its worker deployment', requires: 'buildId' },
    docs: { meaning: 'name of its worker deployment' },
  },
  corpusOnly: {
    type: 'boolean',
    default: false,
    flag: { groups: ['patches'], describe: 'Look at the histories alone, without a cluster' },
    docs: { meaning: 'looks up [patches](patches.md) in the histories alone, without a cluster' },
  },
  sample: {
    type: 'number',
    flag: { groups: ['deploy'], describe: 'Number of open runs to look at, drawn at random' },
    docs: { meaning: 'number of open runs to look at, drawn at random' },
  },
  perShape: {
    type: 'number',
    flag: {
      groups: ['deploy'],
      describe: 'Number of runs to replay of each shape; the others count as like them',
    },
    docs: { meaning: 'number of runs to replay of each [shape](can-deploy.md#shapes)' },
  },
  maxDuration: {
    type: 'string',
    flag: { groups: ['deploy'], describe: 'Time after which no further run is looked at, as in 5m' },
    docs: { meaning: 'time after which no further run is looked at, in ms or as `5m`' },
  },
  seed: {
    type: 'number',
    flag: { groups: ['deploy'], describe: 'Number from which the order of the runs is drawn' },
    docs: { meaning: 'number from which the order of the runs is drawn' },
  },
} as const satisfies OptionTable;

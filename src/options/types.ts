import type { EngineChoice } from '../model/engine';
import type { BundleOptions } from '@temporalio/worker';
import type { HistorySource } from '../model/history';

/**
 * Options that reach a cluster. An option that is not set comes from Temporal's environment variables, then from a profile of
 * `temporal.toml`.
 */
export interface ConnectionOptions {
  /** Address of the cluster, `host:port`. @default 'localhost:7233' */
  address?: string;
  /** Namespace of the cluster. @default 'default' */
  namespace?: string;
  /** API key. Prefer `TEMPORAL_API_KEY`. */
  apiKey?: string;
  /** Forces TLS on or off. @default true with an API key or a certificate, else false */
  tls?: boolean;
  /** Path of the CA certificate of the server. @default the system's certificates */
  tlsCaPath?: string;
  /** Path of the client certificate. Requires `tlsKeyPath`. */
  tlsCertPath?: string;
  /** Path of the key of the client certificate. */
  tlsKeyPath?: string;
  /** Name that the server's certificate must carry. @default the host of `address` */
  tlsServerName?: string;
  /** Profile of `temporal.toml`. @default `TEMPORAL_PROFILE`, else 'default' */
  profile?: string;
  /** Path of `temporal.toml`. @default `TEMPORAL_CONFIG_FILE`, else the file in the user's configuration directory */
  configFile?: string;
}

/** A workflow execution, or the latest one of a workflow id. */
export interface ExecutionSelection {
  workflowId: string;
  /** Run id. @default the latest run */
  runId?: string;
}

/** Options that select executions of a cluster. Exactly one of `query` and `executions` is required. */
export interface SelectionOptions {
  /** Visibility list filter, see https://docs.temporal.io/list-filter. An empty string selects every execution. */
  query?: string;
  /** Executions by their ids. */
  executions?: ExecutionSelection[];
  /** Maximum number of executions. @default no limit */
  limit?: number;
  /** Maximum number of executions of each workflow type. @default no limit */
  limitPerType?: number;
}

/** Options of {@link fetchHistories}. */
export interface FetchOptions extends ConnectionOptions, SelectionOptions {
  /** Directory to write to. @default 'histories' */
  out?: string;
  /** Number of concurrent downloads. @default 8 */
  concurrency?: number;
  /**
   * Maximum number of runs of each workflow type and shape: of closed runs the shortest, of open runs those that started last. All
   * selected runs are downloaded to find them. @default no limit
   */
  perShape?: number;
  /** Lists and counts, but writes nothing. @default false */
  dryRun?: boolean;
  /** Downloads closed runs again that are already stored. @default false */
  refresh?: boolean;
  /** Writes `.json.gz` instead of `.json`. @default false */
  gzip?: boolean;
  /** Stops the fetch with ABORTED when it aborts. */
  signal?: AbortSignal;
  /** Called once for each run, when it is done. */
  onProgress?: (progress: FetchProgress) => void;
}

/**
 * Outcome of a fetch for one run: its file is `new`, `updated` or `unchanged`, or the run is `gone` from the cluster, so that there
 * is nothing to download.
 */
export type FetchOutcome = 'new' | 'updated' | 'unchanged' | 'gone';

/** A run that a fetch has dealt with. */
export interface FetchedRun {
  workflowId: string;
  runId: string;
  workflowType: string;
  /** Status as the cluster names it: `COMPLETED`, `RUNNING` … */
  status: string;
  outcome: FetchOutcome;
  /** Number of events in the history; 0 if the run is gone. */
  events: number;
  /** Size of the file in bytes; 0 if there is none, because the run is gone or was only listed. */
  bytes: number;
  /** Absolute path of the file; null if the run is gone or was only listed. */
  file: string | null;
}

/** Progress of a fetch. */
export interface FetchProgress {
  /** Number of runs that are done, `run` included. */
  done: number;
  /** Number of runs in total: an estimate of the cluster until the listing has ended. Null while it is unknown. */
  total: number | null;
  /** The run that was done last. */
  run: FetchedRun;
}

/** The workflow code of one worker, and how its bundle is built. */
export interface ProjectOptions {
  /** Name that messages show. @default the path of the code */
  name?: string;
  /**
   * Module that exports what the service hands to `Worker.create`, as `workerOptions` or as its default export: an object, a promise or
   * a function without arguments. The other options count before those of the module.
   */
  worker?: string;
  /** Path of the workflow code, as in `WorkerOptions.workflowsPath`. Excludes `bundle`. */
  workflowsPath?: string;
  /** Path of a prebuilt bundle, which must itself hold the payload converter and the workflow interceptors. */
  bundle?: string;
  /** Interceptor modules, as in `BundleOptions.workflowInterceptorModules`. @default [] */
  workflowInterceptors?: string[];
  /** Module of the payload converter, as in `BundleOptions.payloadConverterPath`. @default the SDK's converter */
  payloadConverter?: string;
  /** Module of the failure converter, as in `BundleOptions.failureConverterPath`. @default the SDK's converter */
  failureConverter?: string;
  /**
   * Module that exports `dataConverter` (a `DataConverter`), or has one as its default export. Payload codecs belong here.
   *
   * @default the SDK's converter
   */
  dataConverter?: string;
  /** Module that exports `plugins`, as in `WorkerOptions.plugins`. Each replay process loads it, so it is not the plugins themselves. */
  plugins?: string;
  /** Runs all workflows in one V8 context, as `WorkerOptions.reuseV8Context` does. @default the SDK's default */
  reuseV8Context?: boolean;
  /** Names of the errors that fail a workflow instead of its task, by workflow type, or by `*` for all types. */
  workflowFailureErrorTypes?: Readonly<Record<string, readonly string[]>>;
  /** Task queue that the worker polls. Its histories are replayed by this project. @default the project's name */
  taskQueue?: string;
  /** Worker deployment version: `<deployment name>.<build id>`, or the build id alone. Decides between projects of one task queue. */
  deploymentVersion?: string;
  /**
   * Namespace that workflow code sees in `workflowInfo()`, and payload codecs in their context.
   *
   * @default the history's, if it has one, else the worker's, else 'default'
   */
  namespace?: string;
  /** Bundler options, as in `WorkerOptions.bundlerOptions`. Only the config file can set them. @default {} */
  bundlerOptions?: Pick<BundleOptions, 'ignoreModules' | 'preloadModules' | 'webpackConfigHook'>;
  /**
   * Text that stands for what a `webpackConfigHook` or a plugin depends on besides its sources, such as an environment variable.
   * Bundles are cached by it.
   */
  cacheKey?: string;
}

/** The shape of `replay.config.{ts,mts,js,mjs,cjs,json}`. Relative paths are relative to the directory of the file. */
export interface ReplayConfig extends ProjectOptions {
  /** Files, directories or globs; `-` is standard input. @default ['histories'] */
  histories?: string[];
  /** Workflow code of several workers: one entry a worker. */
  projects?: ProjectOptions[];
  /** Defaults of `replay fetch`, and of the connection of `replay run --query`. @default {} */
  fetch?: Omit<FetchOptions, 'signal' | 'onProgress'>;
  /** Number of replay processes. @default the number of cores */
  concurrency?: number;
  /** Longest time for one history, in ms or as a duration such as `'30s'`. @default '120s' */
  timeout?: number | string;
  /** Fails the run on drift. @default false */
  strict?: boolean;
  /** Fails the run on failures in which recorded runs were stuck already. @default false */
  failOnExisting?: boolean;
  /** Smallest number of histories; fewer fail the run. @default 1 */
  minHistories?: number;
  /** Workflow types that must have a history. @default [] */
  requireTypes?: string[];
  /** Fails the run if a workflow type of the bundle has no history. @default false */
  failOnUncovered?: boolean;
  /** Path of the baseline: known failures that are accepted for now. `replay baseline update` writes it. */
  baseline?: string;
  /** Git ref. Marks the failures that the code had already where this branch left that ref. */
  changedSince?: string;
  /** Replays one part of the histories alone, such as `'2/5'`. `replay merge` joins the reports of all parts. */
  shard?: string;
  /** Time in which suggested changes of the code are tried, in ms or as in `20s`; 0 tries none. @default '20s' */
  adviceTimeout?: number | string;
  /** Replays without the promise hook and the vm timeout, which keeps verdicts and takes half of the time. @default true */
  fast?: boolean;
  /** Engine that replays: `core` is that of the SDK, `auto` asks the faster screen first, `both` compares the two. @default 'core' */
  engine?: EngineChoice;
  /** Keeps bundles in the user's cache directory, by the hash of their inputs. @default true */
  cache?: boolean;
  /** Directory of the bundles that are kept. @default 'bundles' in the user's cache directory */
  cacheDir?: string;
  /** Reports which workflow code the histories exercise, and writes `lcov.info`. Excludes a prebuilt `bundle`. @default false */
  coverage?: boolean;
  /** Directory of `lcov.info`. @default 'coverage' */
  coverageDir?: string;
  /** One or several reporters, each `name` or `name=path`. @default depends on the environment, see docs/reporters.md */
  reporter?: string | string[];
  /** File of the one reporter that has no path. @default standard output */
  output?: string;
  /** Address of the Temporal UI, for links to the runs of histories. @default Temporal Cloud's, if the connection leads there */
  uiUrl?: string;
  /**
   * Shows shapes (`<string>`) instead of the values that drifted.
   *
   * @default true in CI if the histories come from a cluster, else false
   */
  hideValues?: boolean;
  /** With `cache`, takes the results of earlier runs for histories for which nothing has changed. @default true */
  reuseResults?: boolean;
}

/** Options of {@link replayHistories}. */
export interface ReplayOptions extends Omit<
  ReplayConfig,
  'histories' | 'fetch' | 'reporter' | 'output' | 'uiUrl' | 'hideValues' | 'reuseResults'
> {
  /** Histories to replay: files or bytes from {@link loadHistories}, or decoded histories. */
  histories: Iterable<HistorySource | HistoryLike> | AsyncIterable<HistorySource | HistoryLike>;
  /** Directory that relative paths are relative to. @default process.cwd() */
  cwd?: string;
  /** Stops the run when it aborts. */
  signal?: AbortSignal;
}

/** Options of the functions that replay the runs of a cluster with the current workflow code. */
export interface ClusterRunOptions
  extends
    ProjectOptions,
    Pick<ReplayConfig, 'projects' | 'timeout' | 'concurrency' | 'fast' | 'engine' | 'cache' | 'cacheDir'> {
  /** Connection to the cluster. @default Temporal's environment variables, then `temporal.toml` */
  connection?: ConnectionOptions;
  /** Visibility list filter that narrows the runs down, see https://docs.temporal.io/list-filter. @default all runs */
  query?: string;
  /** Build id of the worker deployment version about to go out. @default the versions that the workers' options name */
  buildId?: string;
  /** Name of its worker deployment. Requires `buildId`. */
  deployment?: string;
  /** Directory that relative paths are relative to. @default process.cwd() */
  cwd?: string;
  /** Stops with ABORTED when it aborts. */
  signal?: AbortSignal;
}

/** Options of {@link canDeploy}. */
export interface DeployOptions
  extends ClusterRunOptions, Pick<ReplayConfig, 'strict' | 'failOnExisting' | 'adviceTimeout'> {
  /** Number of open runs to look at, drawn at random. @default all of them */
  sample?: number;
  /** Number of runs to replay of each shape; the others count as like them. @default all of them */
  perShape?: number;
  /** Time after which no further run is looked at, in ms or as a duration such as `'5m'`. @default no limit */
  maxDuration?: number | string;
  /** Number from which the order of the runs is drawn. @default a new one */
  seed?: number;
}

/** Options of {@link inspectPatches}. */
export interface PatchOptions extends ClusterRunOptions {
  /** Histories of the corpus, as {@link loadHistories} returns them. @default [] */
  histories?: Iterable<HistorySource> | AsyncIterable<HistorySource>;
  /** Looks at the histories alone, without a cluster. @default false */
  corpusOnly?: boolean;
}

/** A decoded history, as `handle.fetchHistory()` returns it. */
export interface HistoryLike {
  events?: unknown[] | null;
}

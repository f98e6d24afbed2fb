import type { BundleOptions } from '@temporalio/worker';
import type { HistorySource } from '../model/history';

/** How to reach a cluster. What is not given comes from Temporal's environment variables and `temporal.toml`. */
export interface ConnectionOptions {
  /** `host:port`. */
  address?: string;
  namespace?: string;
  apiKey?: string;
  /** Force TLS on or off; on by itself where an API key or certificate is given. */
  tls?: boolean;
  tlsCaPath?: string;
  tlsCertPath?: string;
  tlsKeyPath?: string;
  tlsServerName?: string;
  /** Profile of `temporal.toml` @default 'default' */
  profile?: string;
  /** Path of `temporal.toml`; @default the user's configuration directory, or `TEMPORAL_CONFIG_FILE` */
  configFile?: string;
}

/** Which runs of a cluster. */
export interface SelectionOptions {
  /** Visibility list filter, see https://docs.temporal.io/list-filter */
  query?: string;
  /** Runs named one by one; without `runId` the latest run. */
  executions?: { workflowId: string; runId?: string }[];
  limit?: number;
  limitPerType?: number;
}

export interface FetchOptions extends ConnectionOptions, SelectionOptions {
  /** Directory to write to. @default 'histories' */
  out?: string;
  /** Downloads at once. @default 8 */
  concurrency?: number;
  /** List and count, write nothing. */
  dryRun?: boolean;
  /** Download closed runs again that are already there. */
  refresh?: boolean;
  /** Write `.json.gz`. */
  gzip?: boolean;
  signal?: AbortSignal;
  /** Called for each run as it is dealt with. */
  onProgress?: (progress: FetchProgress) => void;
}

export type FetchOutcome = 'new' | 'updated' | 'unchanged' | 'gone';

export interface FetchedRun {
  workflowId: string;
  runId: string;
  workflowType: string;
  /** `COMPLETED`, `RUNNING` …, as the cluster names it. */
  status: string;
  outcome: FetchOutcome;
  /** Events in the history; 0 for a run that is gone. */
  events: number;
  /** Bytes of the file; 0 for a run that is gone, or was only listed and is not there. */
  bytes: number;
  /** Absolute path of the file; null for a run that is gone or was only listed. */
  file: string | null;
}

export interface FetchProgress {
  done: number;
  /** Null while it is not known; what the cluster counted, until listing has ended. */
  total: number | null;
  run: FetchedRun;
}

/** The workflow code of one worker, and how its bundle is built. */
export interface ProjectOptions {
  /** Shown in messages. @default the workflows path */
  name?: string;
  /** As in `WorkerOptions.workflowsPath`. Exclusive with `bundle`. */
  workflowsPath?: string;
  /** Path of a prebuilt bundle. It must itself hold the payload converter and the workflow interceptors. */
  bundle?: string;
  workflowInterceptors?: string[];
  payloadConverter?: string;
  failureConverter?: string;
  /** Module that exports `dataConverter` (a `DataConverter`, or its default export): payload codecs live there. */
  dataConverter?: string;
  /** Namespace that workflow code sees in `workflowInfo()`. @default as in the history, where it says */
  namespace?: string;
  /** As in `WorkerOptions.bundlerOptions`; from the config file only. */
  bundlerOptions?: Pick<BundleOptions, 'ignoreModules' | 'preloadModules' | 'webpackConfigHook'>;
}

/** The shape of `replay.config.{ts,mts,js,cjs,json}`. Relative paths are taken from the config file's directory. */
export interface ReplayConfig extends ProjectOptions {
  /** Files, directories or globs. @default ['histories'] */
  histories?: string[];
  /** One entry a worker, where a repository has several. */
  projects?: ProjectOptions[];
  fetch?: Omit<FetchOptions, 'signal' | 'onProgress'>;
  concurrency?: number;
  /** Longest time for one history: ms, or a duration such as `'30s'`. @default '120s' */
  timeout?: number | string;
  /** Drift fails the run. */
  strict?: boolean;
  minHistories?: number;
  requireTypes?: string[];
  failOnUncovered?: boolean;
  /** File of known failures that are accepted for now; `replay baseline update` writes it. */
  baseline?: string;
  /** Git ref: marks the failures that the code had already where this branch left it. */
  changedSince?: string;
  /** The measured speed-ups that keep verdicts (no promise hook, no vm timeout). @default true */
  fast?: boolean;
  /** Keep bundles in the user's cache directory, by the hash of their inputs. @default true */
  cache?: boolean;
  cacheDir?: string;
  /** Say which workflow code the histories exercise, and write `lcov.info`. Not with a prebuilt `bundle`. @default false */
  coverage?: boolean;
  /** Directory of `lcov.info`. @default 'coverage' */
  coverageDir?: string;
  /** `name` or `name=path`, one or several. @default what suits the place, see docs/reporters.md */
  reporter?: string | string[];
  /** File for the one reporter that has no path. */
  output?: string;
  /** Show shapes (`<string>`) instead of the values that drifted. @default in CI, where histories come from a cluster */
  hideValues?: boolean;
}

/** Options of {@link replayHistories}. */
export interface ReplayOptions extends Omit<
  ReplayConfig,
  'histories' | 'fetch' | 'reporter' | 'output' | 'hideValues'
> {
  histories: Iterable<HistorySource | HistoryLike> | AsyncIterable<HistorySource | HistoryLike>;
  /** What relative paths are relative to. @default process.cwd() */
  cwd?: string;
  signal?: AbortSignal;
}

/** A decoded history, as `handle.fetchHistory()` returns it. */
export interface HistoryLike {
  events?: unknown[] | null;
}

import type { TypeInputs } from '../bundle/type-inputs';
import type { EngineChoice, EngineUse } from '../model/engine';
import type { CodeFailure } from '../model/code-failure';
import type { MessageParts } from '../model/message';
import type { ReplayTrace } from '../model/diagnosis';
import type { V8Contexts } from '../model/v8-contexts';
import type { HistoryResult } from '../model/verdict';
import type { Counters } from '../sdk/coverage-counters';
import type { WorkerSource } from '../worker-options/worker-source';

interface ProjectCode {
  name: string;
  /** The options from which each process makes the worker. */
  worker: WorkerSource;
  /** Task queue that the worker polls; null if no option names it. */
  taskQueue: string | null;
  /** Worker deployment version, with or without its deployment's name; null if no option names it. */
  deploymentVersion: string | null;
  /** Namespace that the worker's module names, for histories that hold none; null if it names none. */
  workerNamespace: string | null;
  /** Names of the errors that fail a workflow instead of its task, by workflow type or `*`. */
  failureErrorTypes?: Readonly<Record<string, readonly string[]>>;
  /** Absolute paths of the files in its bundle. */
  inputs: readonly string[];
}

/** A project whose bundle is ready to be replayed. */
export interface BuiltProject extends ProjectCode {
  bundlePath: string;
  /** Hash of the bundle's content, by which a replay process checks what it loads. */
  bundleHash: string;
  /** Path at which replay processes keep the code that V8 has compiled of the bundle; absent if they keep none. */
  compiledPath?: string;
  contexts: V8Contexts;
  workflowTypes: readonly string[];
  /** Workflow types that each input affects. */
  typeInputs?: TypeInputs;
}

/** A project that could not be bundled or loaded. */
export interface UnbuiltProject extends ProjectCode {
  /** The reason, for people. */
  failure: CodeFailure;
  /** Absolute paths of files that the build looked for and did not find. */
  missing: readonly string[];
}

export type BundledProject = BuiltProject | UnbuiltProject;

/** Everything that a replay process needs, except for the histories. */
export interface Setup {
  /** Absolute path of the directory that the paths of history files are relative to. */
  cwd: string;
  projects: readonly BundledProject[];
  /** Leaves out the SDK's promise hook and vm timeouts. */
  fast: boolean;
  engine: EngineChoice;
  diagnosis: DiagnosisNeeds;
  /** Set if the bundles are instrumented: results then come with counters. */
  coverage: boolean;
}

/** The parts of a diagnosis that a reporter or a command needs. */
export interface DiagnosisNeeds {
  /**
   * The histories that are traced by a second replay. With `new-run`, no history is judged: its start and its answers serve to
   * play a new run of the code, whose commands are the rows of the trace.
   */
  traces: 'none' | 'failures' | 'all' | 'new-run';
  /** Number of rows before and after the first difference that a trace keeps; null for all rows. */
  contextRows: number | null;
  /** Adds the history's timeline to each trace. */
  timelines: boolean;
  /** Counts what each call of `patched()` returned, also without coverage. */
  patchDecisions?: boolean;
}

export const DEFAULT_DIAGNOSIS_NEEDS: DiagnosisNeeds = {
  traces: 'failures',
  contextRows: 6,
  timelines: false,
};

/** A wrong result that the reused V8 context alone is to blame for. */
export interface IsolationFault {
  project: string;
  /** The wrong result; its own text is `failed` or `incompatible at event 7`. */
  outcome: MessageParts;
}

/** A change of something that workflows share, such as the prototype of a class of JavaScript. */
export interface SharedChange {
  project: string;
  /** The property, such as `Array.prototype.map`. */
  property: string;
  /** True if all V8 contexts of the process share it: no further history can be replayed there. */
  isOfProcess: boolean;
}

/** A history that several projects may have run. */
export interface Ambiguity {
  workflowType: string;
  /** Names of the projects. The history was replayed with each of them, until one was compatible. */
  projects: string[];
}

/** The result of one history, with its trace for the diagnosis and its counters for the coverage. */
export interface Replayed {
  result: HistoryResult;
  /** Present if the history was traced. If any are, it is also present on each result that is not compatible. */
  trace?: ReplayTrace;
  /** Set if the replay in the reused V8 context went wrong and one in a context of its own did not. */
  isolationFault?: IsolationFault;
  /** Set if the workflow has changed what workflows share. */
  sharedChange?: SharedChange;
  /** Set if nothing tells which project has run the history. */
  ambiguity?: Ambiguity;
  /** Counters of the workflow code that the replay ran. Present if the bundles are instrumented, or if patch decisions are counted. */
  counters?: Counters;
  /** Present if the screen was asked. */
  engine?: EngineUse;
  /** True for a history that was replayed once more, with all engines. */
  isRecheck?: boolean;
}

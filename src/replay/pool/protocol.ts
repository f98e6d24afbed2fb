import type { TypeInputs } from '../../bundle/type-inputs';
import type { ReplayTrace } from '../../model/diagnosis';
import type { HistoryResult } from '../../model/verdict';
import type { Counters } from '../../sdk/coverage-counters';

/** Every message between the parent and its replay processes. Sent with V8's serialization, so bytes stay bytes. */

/** A project whose bundle stands ready, or the reason why it doesn't. */
export type BundledProject = {
  name: string;
  /** Path of a module that exports a data converter; null for the SDK's own. */
  dataConverter: string | null;
  /** Namespace that workflow code sees, where it is set. */
  namespace: string | null;
  /** The files that its bundle was made of. */
  inputs: readonly string[];
} & (
  | { bundlePath: string; workflowTypes: readonly string[]; typeInputs?: TypeInputs }
  | { failure: string; missing: readonly string[] }
);

export interface Setup {
  /** What the files of jobs are relative to. */
  cwd: string;
  projects: readonly BundledProject[];
  fast: boolean;
  diagnosis: DiagnosisNeeds;
  /** The bundles are instrumented: results come with what was counted. */
  coverage: boolean;
}

/** What the diagnosis of failures needs of the replay processes. */
export interface DiagnosisNeeds {
  /** Of which histories there is to be a trace. */
  traces: 'none' | 'failures' | 'all';
  /** Rows before and after the first difference that a trace keeps; all of them without. */
  contextRows: number | null;
  /** Whether traces hold the timeline of the history. */
  timelines: boolean;
}

/** What became of one history, with what there is to diagnose where it is not compatible. */
export interface Replayed {
  result: HistoryResult;
  trace?: ReplayTrace;
  /** What its replay ran of the workflow code, where that is instrumented. */
  counters?: Counters;
}

export interface Job {
  id: number;
  file: string;
  bytes?: Uint8Array;
  /** How many histories of the file are done already (by a process that died in the middle). */
  from: number;
}

/** A later setup begins another run: the one before is over. */
export type ToChild = { type: 'setup'; setup: Setup } | { type: 'replay'; job: Job };

export type FromChild =
  /** A history's turn has come: what is known of it, for the verdict if the process dies over it. */
  | { type: 'started'; jobId: number; index: number; partial: HistoryResult; isOpen: boolean }
  | ({ type: 'result'; jobId: number; index: number } & Replayed)
  | { type: 'done'; jobId: number }
  | { type: 'fatal'; message: string };

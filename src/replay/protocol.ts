import type { HistoryResult } from '../model';

/** Every message between the parent and its replay processes. Sent with V8's serialization, so bytes stay bytes. */

/** A project whose bundle stands ready, or the reason why it doesn't. */
export type BundledProject = {
  name: string;
  /** Path of a module that exports a data converter; null for the SDK's own. */
  dataConverter: string | null;
  /** Namespace that workflow code sees, where it is set. */
  namespace: string | null;
} & ({ bundlePath: string; workflowTypes: readonly string[] } | { failure: string });

export interface Setup {
  /** What the files of jobs are relative to. */
  cwd: string;
  projects: readonly BundledProject[];
  fast: boolean;
}

export interface Job {
  id: number;
  file: string;
  bytes?: Uint8Array;
  /** How many histories of the file are done already (by a process that died in the middle). */
  from: number;
}

export type ToChild = { type: 'setup'; setup: Setup } | { type: 'replay'; job: Job };

export type FromChild =
  /** A history's turn has come: what is known of it, for the verdict if the process dies over it. */
  | { type: 'started'; jobId: number; index: number; partial: HistoryResult }
  | { type: 'result'; jobId: number; index: number; result: HistoryResult }
  | { type: 'done'; jobId: number }
  | { type: 'fatal'; message: string };

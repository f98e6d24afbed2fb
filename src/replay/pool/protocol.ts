import type { HistoryResult } from '../../model/verdict';
import type { Replayed, Setup } from '../setup';

/** Every message between the parent and its replay processes. Sent with V8's serialization, so bytes stay bytes. */

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

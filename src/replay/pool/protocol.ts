import type { ErrorCode } from '../../errors';
import type { HistoryResult } from '../../model/verdict';
import type { Replayed, Setup } from '../setup';

/**
 * The messages between the parent and its replay processes, sent as sealed frames over two
 * pipes of their own: standard input is left to the modules of the user, some of which open it. Workflow code that leaves the sandbox runs in the same process, so the parent checks each
 * message (`check-message.ts`), and Node's own channel, over which any code of the process can send, is not opened.
 */

/** Number of the pipe over which a process sends. */
export const MESSAGES_FD = 3;
/** Number of the pipe over which a process gets its setup and jobs. */
export const JOBS_FD = 4;

/** One history file, or the bytes of one, to replay. */
export interface Job {
  id: number;
  file: string;
  bytes?: Uint8Array;
  /** Index of the first history to replay. Above 0 if an earlier process died before it finished the file. */
  from: number;
  /** True if all engines replay its histories, so that their answers are compared. */
  isChecked?: boolean;
  /** True if its histories were replayed before, and are checked now. */
  isRecheck?: boolean;
  /** True if core alone replays its first history. */
  beginsWithCore?: boolean;
}

/** Messages to a replay process. A later setup begins a new run and ends the previous one. */
export type ToChild = { type: 'setup'; setup: Setup } | { type: 'replay'; job: Job };

/** Messages from a replay process. */
export type FromChild =
  /** The replay of a history begins. `partial` is the base of its verdict if the process dies. */
  | { type: 'started'; jobId: number; index: number; partial: HistoryResult; isOpen: boolean }
  /**
   * Codecs or storage drivers of the service are called over the history, or have all answered. Meanwhile no workflow code runs, so
   * that neither the time nor the end of the process is its fault.
   */
  | { type: 'outside'; jobId: number; index: number; areGoingOn: boolean }
  /** The history is judged. It keeps this result if the diagnosis that follows does not come back. */
  | { type: 'judged'; jobId: number; index: number; result: HistoryResult }
  | ({ type: 'result'; jobId: number; index: number } & Replayed)
  /**
   * Core alone has to replay the history, in a new process: its code has changed this one when the screen ran it. Nothing more
   * comes from this process.
   */
  | { type: 'again'; jobId: number; index: number }
  | { type: 'done'; jobId: number }
  /** The process gives up. `code` is null for an error that is none of this package's own. */
  | { type: 'fatal'; code: ErrorCode | null; message: string };

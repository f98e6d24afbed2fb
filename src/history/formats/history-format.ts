import type { temporal } from '@temporalio/proto';
import type { HistoryProblem } from './problem';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** One history of a file: its events, or the reason why they cannot be read. */
export type FoundHistory = { workflowId?: string; runId?: string } & (
  { events: HistoryEvent[] } | { problem: HistoryProblem }
);

export interface ReadLimits {
  /** Largest content in bytes, unpacked. */
  maxBytes: number;
}

/** One form in which histories are stored. The table in `formats.ts` has a row for each. */
export interface HistoryFormat {
  /** Extensions of the files that a directory is searched for. The content alone decides the format of a file. */
  extensions: readonly string[];
  /** Returns true if the content has this format; called with at least one byte. */
  matches(bytes: Uint8Array): boolean;
  /**
   * Yields every history in the content, or a problem in place of one.
   *
   * @throws {@link ProblemError} if nothing of the content can be read
   */
  read(bytes: Uint8Array, limits: ReadLimits): Iterable<FoundHistory>;
}

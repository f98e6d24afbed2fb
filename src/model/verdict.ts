import type { SourceLocation } from './source';

/** How one history ended. See `docs/verdicts.md` for what each one means. */
export type Verdict = 'compatible' | 'incompatible' | 'failed' | 'drifted' | 'timeout' | 'invalid';

/** A recorded command event, in words: `{ event: 'ActivityTaskScheduled', name: 'chargeCard' }`. */
export interface RecordedCommand {
  /** Event type without prefix, in the CamelCase of the Web UI (`TimerStarted`). */
  event: string;
  /** Activity or child type, timer id, signal name, patch id …; null where the event has none. */
  name: string | null;
}

/** A command that the current code produced: `{ command: 'ScheduleActivityTask', name: 'chargeCard' }`. */
export interface ProducedCommand {
  command: string;
  name: string | null;
}

/** The first recorded event that the commands of the current code do not match. */
export interface Divergence {
  eventId: number;
  recorded: RecordedCommand | null;
  produced: ProducedCommand | null;
  location: SourceLocation | null;
  /** The sense of core's own message; null where only our comparison found the difference. */
  coreMessage: string | null;
}

/** One value that core never compares and that is not as recorded. */
export interface Drift {
  eventId: number;
  /** Path within the command (`input[0].amount`, `startToFireTimeout`), or `earlier`. */
  path: string;
  recorded: unknown;
  produced: unknown;
}

/** What became of one history. */
export interface HistoryResult {
  /** The file's path as given, or `temporal://<namespace>/<workflow id>/<run id>` for a streamed one. */
  file: string;
  workflowId: string | null;
  runId: string | null;
  workflowType: string | null;
  verdict: Verdict;
  /** Number of events in the history. */
  events: number;
  /** Id of the last recorded event up to which the code's commands were compared and found to match. */
  verifiedEvents: number;
  durationMs: number;
  divergence?: Divergence;
  drift: Drift[];
  error?: { code: string; message: string };
}

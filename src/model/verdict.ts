import type { HistoryReference } from './history';
import { type ResultError, isFaultOfCode } from './result-error';
import type { SourceLocation } from './source';

export interface VerdictFacts {
  /** Position in a list that starts with the gravest verdict. */
  rank: number;
  /** When the verdict fails a run: `strict` is with the option `strict` only. */
  fails: 'always' | 'strict' | 'never';
  /**
   * Exit code of a run that fails by this verdict alone: 1 if the code was judged, 2 if it could not be. A result whose error
   * is not the code's has 2 in any case, see {@link exitCodeOfResult}.
   */
  exitCode: 0 | 1 | 2;
  /** True if the replay ran to its end, so that the verdict comes from a comparison. JUnit calls it a failure, else an error. */
  compared: boolean;
  /** Colours in the HTML report, in light and in dark mode; each has a contrast of at least 4.5 to its background. */
  colors: readonly [light: string, dark: string];
}

/**
 * Every verdict, in the order of the counts in a report's summary. `docs/verdicts.md` describes what each one means for open
 * runs.
 */
export const VERDICTS = {
  /** The code produces the recorded commands with the recorded content. */
  compatible: { rank: 6, fails: 'never', exitCode: 0, compared: true, colors: ['#1b6e3c', '#7fd19b'] },
  /** The code produces other commands than recorded, or core refuses the commands. */
  incompatible: { rank: 1, fails: 'always', exitCode: 1, compared: true, colors: ['#b3261e', '#ff8f85'] },
  /**
   * The replay could not be completed: the code threw, does not build, lacks the workflow type, or its process died; or, by a
   * fault that is not the code's, a payload could not be decoded or core refuses the history.
   */
  failed: { rank: 2, fails: 'always', exitCode: 1, compared: false, colors: ['#9a3f0c', '#ffb07a'] },
  /** The code produces the recorded commands with other content that core does not compare. */
  drifted: { rank: 5, fails: 'strict', exitCode: 1, compared: true, colors: ['#7d5200', '#e8c15a'] },
  /** The replay did not end within the option `timeout`. */
  timeout: { rank: 3, fails: 'always', exitCode: 1, compared: false, colors: ['#6b3fa0', '#c9a7ff'] },
  /** The history cannot be read or replayed, so the code was not tried. */
  invalid: { rank: 4, fails: 'always', exitCode: 2, compared: false, colors: ['#56606c', '#aab4c0'] },
} satisfies Record<string, VerdictFacts>;

/** How one history ended. See `docs/verdicts.md` for what each one means. */
export type Verdict = keyof typeof VERDICTS;

/** All verdicts, the gravest first. */
export const VERDICTS_BY_RANK: readonly Verdict[] = (Object.keys(VERDICTS) as Verdict[]).sort(
  (a, b) => VERDICTS[a].rank - VERDICTS[b].rank,
);

/** Returns true if a verdict is graver than another one. */
export const isGraver = (verdict: Verdict, other: Verdict): boolean =>
  VERDICTS[verdict].rank < VERDICTS[other].rank;

/** Returns true if a result with this verdict fails the run, unless a baseline accepts it. */
export function failsRun(verdict: Verdict, { strict }: { strict: boolean }): boolean {
  const { fails } = VERDICTS[verdict];
  return fails === 'always' || (fails === 'strict' && strict);
}

/** Options that decide which results fail a run. */
export interface FailureOptions {
  /** @default false */
  strict?: boolean;
  /** @default false */
  failOnExisting?: boolean;
}

/** Returns true if a result fails the run, unless a baseline accepts it. */
export const resultFailsRun = (
  { verdict, existing }: Pick<HistoryResult, 'verdict' | 'existing'>,
  { strict = false, failOnExisting = false }: FailureOptions,
): boolean => failsRun(verdict, { strict }) && (existing === undefined || failOnExisting);

/** Returns true if a result with this verdict can fail a run; only such a result has a diagnosis. */
export const canFailRun = (verdict: Verdict): boolean => VERDICTS[verdict].fails !== 'never';

/** Returns true if the verdict is about the code; false if the history itself could not be replayed. */
export const judgesCode = (verdict: Verdict): boolean => VERDICTS[verdict].exitCode !== 2;

/** Returns true if the result says something about the code: the history was replayed, and its error is a fault of the code. */
export const isAboutCode = ({ verdict, error }: Pick<HistoryResult, 'verdict' | 'error'>): boolean =>
  judgesCode(verdict) && (error === undefined || isFaultOfCode(error));

/**
 * Returns true if a history has nothing to compare the code's commands with, since none of its workflow tasks was completed. Its
 * verdict says only that a workflow of its type exists and does not throw at once.
 */
export const constrainsNothing = (result: Pick<HistoryResult, 'verdict' | 'verifiedEvents'>): boolean =>
  !canFailRun(result.verdict) && result.verifiedEvents === 0;

/** Returns the exit code of a run that fails by this result alone. */
export const exitCodeOfResult = (result: Pick<HistoryResult, 'verdict' | 'error'>): 0 | 1 | 2 =>
  isAboutCode(result) ? VERDICTS[result.verdict].exitCode : 2;

/** A recorded command event: `{ event: 'ActivityTaskScheduled', name: 'chargeCard' }`. */
export interface RecordedCommand {
  /** Event type without prefix, in the CamelCase of the Web UI (`TimerStarted`). */
  event: string;
  /** Activity or child type, timer id, signal name, patch id …; null if the event has none. */
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
  /** Essential part of core's own message; null if only our comparison found the difference. */
  coreMessage: string | null;
}

/** A value that differs from the recorded one and that core never compares. */
export interface Drift {
  eventId: number;
  /** Path within the command, such as `input[0].amount` or `startToFireTimeout`; `earlier` if only the time differs. */
  path: string;
  recorded: unknown;
  produced: unknown;
}

/** The recorded failure of a run that is stuck in the failure that the replay found. */
export interface ExistingFailure {
  /** Id of the event WorkflowTaskFailed. */
  eventId: number;
}

/** The result of replaying one history. */
export interface HistoryResult {
  /** Path of the file as given, or `temporal://<namespace>/<workflow id>/<run id>` for a history from a cluster. */
  file: string;
  /** The position that `file` shows as text. The JSON report leaves it out. */
  history?: HistoryReference;
  workflowId: string | null;
  runId: string | null;
  workflowType: string | null;
  verdict: Verdict;
  /** Number of events in the history. */
  events: number;
  /** Id of the last recorded event up to which the code's commands were compared and found to match. */
  verifiedEvents: number;
  durationMs: number;
  /** True if nothing that counts for the result has changed since an earlier run, so that it is the result of that run. */
  cached?: true;
  /** True if the recorded run was still open at the last event. Absent if the file could not be read. */
  isOpen?: boolean;
  /** Namespace of the run; absent if neither the history nor its file name it. */
  namespace?: string;
  /**
   * Hash of the run's way through the code: its commands, their answers and what came from outside, without ids, values and times.
   * Absent if the file could not be read.
   */
  shape?: string;
  /** Time of the first event, in ISO 8601; absent if it is not known. */
  firstEventAt?: string;
  /** Time of the last event, in ISO 8601; absent if it is not known. */
  lastEventAt?: string;
  divergence?: Divergence;
  drift: Drift[];
  error?: ResultError;
  /** Set if the recorded run was stuck in this failure already, so that the current change has not caused it. */
  existing?: ExistingFailure;
}

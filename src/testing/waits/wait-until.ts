import { TemporalReplayError } from '../../errors';
import type { RunRegistry } from '../runs/run-registry';
import type { TestTime } from '../time/test-time';
import { after, stopTimer, nowMs, pause } from '../time/clock';

export interface UntilOptions {
  /** Real ms after which the wait fails. @default 8000 */
  timeoutMs?: number;
  /** Names the condition for the error message, as the subject of its sentence. */
  what?: () => string;
}

export interface UntilContext {
  runs: RunRegistry;
  time: TestTime;
  /** Returns the number of activities that are running: no time is skipped meanwhile. */
  runningActivities: () => number;
  /** Real ms without activity after which time is skipped. */
  quietMs?: number;
  /** Returns an error that makes further waiting pointless. */
  findProblem?: () => Promise<Error | null>;
}

const DEFAULT_TIMEOUT_MS = 8_000;
const LOOK_EVERY_MS = 10;
const FIND_PROBLEM_EVERY_MS = 100;
const FIRST_STEP_MS = 1_000;
/**
 * Length of each step of skipped time, as a part of the time skipped before: a wait of a month takes about 130 steps, and exceeds the
 * month by a tenth at most.
 */
const STEP_PART = 1 / 10;
/** Limit on the skipped time, so that the server's clock, which later tests share, never overflows. */
const LONGEST_SKIP_MS = 2 * 365 * 24 * 3_600_000;

/**
 * Waits until a condition is true. Skips workflow time while nothing else goes on.
 *
 * @throws WORKFLOW_STALLED if the condition does not become true within `timeoutMs` of real time or two years of workflow time
 */
export async function waitUntil(
  isTrue: () => boolean | Promise<boolean>,
  { runs, time, runningActivities, quietMs, findProblem }: UntilContext,
  { timeoutMs = DEFAULT_TIMEOUT_MS, what }: UntilOptions = {},
): Promise<void> {
  const startedAt = nowMs();
  let skippedMs = 0;
  runs.recordActivity();
  while (!(await isTrue())) {
    const problem = await findProblem?.();
    if (problem) throw problem;
    if (nowMs() - startedAt > timeoutMs)
      throw new TemporalReplayError(
        'WORKFLOW_STALLED',
        `${what?.() ?? 'The condition'} did not become true within ${timeoutMs / 1000} s.`,
        { hint: 'Send the workflow what it needs for it, or raise timeoutMs.' },
      );
    if (skippedMs > LONGEST_SKIP_MS)
      throw new TemporalReplayError(
        'WORKFLOW_STALLED',
        `${what?.() ?? 'The condition'} did not become true within two years of workflow time.`,
        { hint: 'Send the workflow what it needs for it. For longer waits call env.sleep() first.' },
      );
    if (time.canSkip && runs.isQuiet(quietMs) && runningActivities() === 0) {
      const stepMs = Math.max(FIRST_STEP_MS, Math.round(skippedMs * STEP_PART));
      await endOrDeadline(time.sleep(stepMs), { deadlineMs: startedAt + timeoutMs, findProblem });
      skippedMs += stepMs;
    } else {
      await pause(LOOK_EVERY_MS);
    }
  }
}

interface DeadlineOptions {
  deadlineMs: number;
  findProblem: UntilContext['findProblem'];
}

/** Waits for a sleep, which does not end while other work holds the time, or for the deadline. */
async function endOrDeadline(
  sleep: Promise<unknown>,
  { deadlineMs, findProblem }: DeadlineOptions,
): Promise<void> {
  let isDone = false;
  const done = sleep.then(
    () => void (isDone = true),
    () => void (isDone = true),
  );
  while (!isDone && nowMs() < deadlineMs) {
    let timer: NodeJS.Timeout | undefined;
    const look = new Promise<void>((next) => (timer = after(FIND_PROBLEM_EVERY_MS, next)));
    await Promise.race([done, look]).finally(() => stopTimer(timer));
    const problem = isDone ? null : await findProblem?.();
    if (problem) throw problem;
  }
  if (isDone) await sleep;
}

import { TemporalReplayError } from '../../errors';
import type { RunRegistry } from '../runs/run-registry';
import type { TestTime } from '../time/time';

export interface UntilOptions {
  /** Real ms after which it fails. @default 8 seconds */
  timeoutMs?: number;
  /** What is waited for, in words, for the error. */
  what?: () => string;
}

export interface UntilContext {
  runs: RunRegistry;
  time: TestTime;
  /** How many activities run now: time is not skipped over them. */
  runningActivities: () => number;
  /** Real ms without anything going on, from which on time is let pass. */
  quietMs?: number;
  /** What makes further waiting pointless. */
  trouble?: () => Promise<Error | null>;
}

const DEFAULT_TIMEOUT_MS = 8_000;
const LOOK_EVERY_MS = 10;
const LOOK_AT_TROUBLE_EVERY_MS = 100;
const FIRST_STEP_MS = 1_000;
/** Each step is this part of what was waited already: a wait of a month takes some 130 steps, and overshoots by a tenth. */
const STEP_PART = 1 / 10;
/** What is to come has come by then; and the server's clock ends, with later tests on it, where it is set on without end. */
const LONGEST_SKIP_MS = 2 * 365 * 24 * 3_600_000;

/**
 * Waits until something is true, and lets workflow time pass for it where nothing else goes on.
 *
 * @throws WORKFLOW_STALLED where it is not true in time
 */
export async function waitUntil(
  isTrue: () => boolean | Promise<boolean>,
  { runs, time, runningActivities, quietMs, trouble }: UntilContext,
  { timeoutMs = DEFAULT_TIMEOUT_MS, what }: UntilOptions = {},
): Promise<void> {
  const startedAt = Date.now();
  let skippedMs = 0;
  runs.touch();
  while (!(await isTrue())) {
    const found = await trouble?.();
    if (found) throw found;
    if (Date.now() - startedAt > timeoutMs)
      throw new TemporalReplayError(
        'WORKFLOW_STALLED',
        `${what?.() ?? 'What was waited for'} did not become true within ${timeoutMs / 1000} s.`,
        { hint: 'Send the workflow what it needs for it, or raise timeoutMs.' },
      );
    if (skippedMs > LONGEST_SKIP_MS)
      throw new TemporalReplayError(
        'WORKFLOW_STALLED',
        `${what?.() ?? 'What was waited for'} did not become true within two years of workflow time.`,
        { hint: 'Send the workflow what it needs for it. For longer waits call env.sleep() first.' },
      );
    if (time.canSkip && runs.areQuiet(quietMs) && runningActivities() === 0) {
      const stepMs = Math.max(FIRST_STEP_MS, Math.round(skippedMs * STEP_PART));
      // Where something holds up time, the sleep has no end.
      await within(time.sleep(stepMs), { endsAtMs: startedAt + timeoutMs, trouble });
      skippedMs += stepMs;
    } else {
      await new Promise<void>((done) => setTimeout(done, LOOK_EVERY_MS));
    }
  }
}

interface WithinOptions {
  endsAtMs: number;
  trouble: UntilContext['trouble'];
}

async function within(wait: Promise<unknown>, { endsAtMs, trouble }: WithinOptions): Promise<void> {
  let isDone = false;
  const done = wait.then(
    () => void (isDone = true),
    () => void (isDone = true),
  );
  while (!isDone && Date.now() < endsAtMs) {
    let timer: NodeJS.Timeout | undefined;
    const look = new Promise<void>((next) => (timer = setTimeout(next, LOOK_AT_TROUBLE_EVERY_MS)));
    await Promise.race([done, look]).finally(() => clearTimeout(timer));
    const found = isDone ? null : await trouble?.();
    if (found) throw found;
  }
  if (isDone) await wait;
}

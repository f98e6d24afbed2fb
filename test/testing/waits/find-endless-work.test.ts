import { findEndlessWork } from '../../../src/testing/waits/find-endless-work';
import { RunRegistry } from '../../../src/testing/runs/run-registry';
import type { Stall } from '../../../src/testing/waits/stall';

const run = { workflowId: 'w1', runId: 'r1', workflowType: 'subscription', parentWorkflowId: null };
const timerFired = { ...run, isReplay: false, isTimerOnly: true, ends: false };
const activityEnded = { ...run, isReplay: false, isTimerOnly: false, ends: false };

const found = (runs: RunRegistry): Stall | null =>
  findEndlessWork('w1', {
    runs,
    failedAttempts: [],
    failedOperations: [],
    nowMs: Date.now(),
    waitingSinceMs: 0,
  });

describe('findEndlessWork', () => {
  it('finds more than a thousand timers in a row', () => {
    const runs = new RunRegistry();
    for (let i = 0; i <= 1_000; i++) runs.recordActivation(timerFired);

    expect(found(runs)?.reason).toContain('subscription starts timers without end');
  });

  it('finds nothing if an activity runs before each timer', () => {
    const runs = new RunRegistry();
    for (let i = 0; i <= 1_000; i++) {
      runs.recordActivation(activityEnded);
      runs.recordActivation(timerFired);
    }

    expect(found(runs)).toBeNull();
  });

  it('finds nothing after a thousand timers', () => {
    const runs = new RunRegistry();
    for (let i = 0; i < 1_000; i++) runs.recordActivation(timerFired);

    expect(found(runs)).toBeNull();
  });

  it('does not count replayed timers', () => {
    const runs = new RunRegistry();
    for (let i = 0; i <= 1_000; i++) runs.recordActivation({ ...timerFired, isReplay: true });

    expect(found(runs)).toBeNull();
  });

  it('does not count the timers of an unrelated workflow', () => {
    const runs = new RunRegistry();
    for (let i = 0; i <= 1_000; i++) runs.recordActivation({ ...timerFired, workflowId: 'w2', runId: 'r2' });

    expect(found(runs)).toBeNull();
  });
});

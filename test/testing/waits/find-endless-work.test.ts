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

describe('endless work', () => {
  it('is timer after timer with nothing between them', () => {
    const runs = new RunRegistry();
    for (let i = 0; i <= 1_000; i++) runs.recordActivation(timerFired);

    expect(found(runs)?.reason).toContain('subscription starts timers without end');
  });

  it('is not a poll with an activity before each timer', () => {
    const runs = new RunRegistry();
    for (let i = 0; i <= 1_000; i++) {
      runs.recordActivation(activityEnded);
      runs.recordActivation(timerFired);
    }

    expect(found(runs)).toBeNull();
  });

  it('is not a thousand timers', () => {
    const runs = new RunRegistry();
    for (let i = 0; i < 1_000; i++) runs.recordActivation(timerFired);

    expect(found(runs)).toBeNull();
  });

  it('does not count what is replayed', () => {
    const runs = new RunRegistry();
    for (let i = 0; i <= 1_000; i++) runs.recordActivation({ ...timerFired, isReplay: true });

    expect(found(runs)).toBeNull();
  });

  it('is not that of a workflow that has nothing to do with the one that is waited for', () => {
    const runs = new RunRegistry();
    for (let i = 0; i <= 1_000; i++) runs.recordActivation({ ...timerFired, workflowId: 'w2', runId: 'r2' });

    expect(found(runs)).toBeNull();
  });
});

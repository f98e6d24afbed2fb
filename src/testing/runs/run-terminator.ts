import type { Client } from '@temporalio/client';
import type { ActivityRunner } from '../activities/activity-runner';
import type { HeldTime } from '../time/held-time';
import { untilIdle } from '../mocks/mocked-runs';
import type { ObservedRun, RunRegistry } from './run-registry';
import type { TestTime } from '../time/test-time';
import { nowMs } from '../time/clock';

export interface RunTerminatorOptions {
  client: Client;
  runs: RunRegistry;
  activities: ActivityRunner;
  time: TestTime;
  heldTime: HeldTime;
}

/** Limit on the wait for a pending workflow task at the end of a test. */
const LONGEST_TASK_MS = 1_000;

/** Terminates runs that would not end by themselves, and releases the time that they hold. */
export class RunTerminator {
  /** Real time at which each run was last asked for a pending workflow task and had none, by run id. */
  private readonly idleAtMs = new Map<string, number>();

  constructor(private readonly options: RunTerminatorOptions) {}

  /** Terminates the runs that cannot go on: the server would retry their tasks for ever, or skip no time meanwhile. */
  async terminateFailed(): Promise<void> {
    const { client, runs, time } = this.options;
    await this.terminateGivenUp();
    const failed = runs.takeFailed();
    if (failed.length > 0) this.idleAtMs.clear();
    for (const { workflowId, runId } of failed) {
      const handle = client.workflow.getHandle(workflowId, runId);
      const isTerminated = await handle.terminate('its workflow task failed').then(
        () => true,
        () => false,
      );
      if (isTerminated) await time.releaseHold();
    }
  }

  /**
   * Waits until the open ones of these runs have no pending workflow task, so that a failure of such a task is known. Gives up
   * after a second.
   */
  async awaitIdle(runs: readonly ObservedRun[]): Promise<void> {
    const open = runs.filter((run) => run.isOpen && run.failure === null && !run.isGivenUp);
    await Promise.all(open.map((run) => this.isIdle(run)));
  }

  /** Terminates the open ones of these runs, which would hold the time of later tests or take part in it. */
  async terminateOpen(runs: readonly ObservedRun[]): Promise<void> {
    const { heldTime, time } = this.options;
    const open = runs.filter(({ isOpen }) => isOpen);
    const running = open.filter(({ isTerminated }) => !isTerminated);
    const areIdle = await Promise.all(running.map((run) => this.isIdle(run)));
    const ids = new Set(running.map(({ workflowId }) => workflowId));
    await Promise.all([...ids].map((workflowId) => this.terminate(workflowId, 'end of the test')));
    for (const run of open) run.isOpen = false;
    await heldTime.released();
    // The server keeps the hold of a workflow task whose run was terminated during that task or after its failure.
    if (running.length < open.length || areIdle.includes(false)) await time.releaseAllHolds();
  }

  private async isIdle(run: ObservedRun): Promise<boolean> {
    const { client, runs } = this.options;
    // Without any activity in the test since then, no task can have begun.
    if (runs.lastActiveAtMs < (this.idleAtMs.get(run.runId) ?? 0)) return true;
    const handle = client.workflow.getHandle(run.workflowId, run.runId);
    const askedAtMs = nowMs();
    const options = { withinMs: LONGEST_TASK_MS, hasFailed: () => run.failure !== null };
    const isIdle = await untilIdle(handle, options).catch(() => true);
    if (isIdle) this.idleAtMs.set(run.runId, askedAtMs);
    return isIdle;
  }

  private async terminateGivenUp(): Promise<void> {
    const { runs, heldTime, time } = this.options;
    const ids = runs.takeGivenUp();
    if (ids.length === 0) return;
    // Workflow time passes below, and timers of other runs may fire.
    this.idleAtMs.clear();
    for (const workflowId of ids) await this.terminate(workflowId, 'it did not go on');
    await heldTime.released();
    await time.releaseAllHolds();
  }

  private async terminate(workflowId: string, reason: string): Promise<void> {
    const { client, activities, heldTime } = this.options;
    try {
      const handle = client.workflow.getHandle(workflowId);
      await handle.terminate(reason);
      const { runId } = await handle.describe();
      const running = activities.running.filter(({ info }) => info.workflowExecution?.runId === runId);
      heldTime.release({ workflowId, runId });
      activities.abandon(
        runId,
        running.map(({ info }) => info.activityId),
      );
    } catch {
      // The run has ended already.
    }
  }
}

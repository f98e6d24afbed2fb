import type { Client } from '@temporalio/client';
import type { ActivityRunner } from '../activities/activity-runner';
import type { HeldTime } from '../time/held-time';
import { untilIdle } from '../mocks/mocked-runs';
import type { RunRegistry, SeenRun } from './run-registry';
import type { TestTime } from '../time/time';

export interface RunEndingsOptions {
  client: Client;
  runs: RunRegistry;
  activities: ActivityRunner;
  time: TestTime;
  heldTime: HeldTime;
}

/** For which the end of a test waits at most. */
const LONGEST_TASK_MS = 1_000;

/** Ends the runs of an environment that nothing else ends, and lets go of the time that they hold up. */
export class RunEndings {
  constructor(private readonly options: RunEndingsOptions) {}

  /** Those that can't go on: the server tries them again for ever, or skips no time meanwhile. */
  async endFailed(): Promise<void> {
    const { client, runs, time } = this.options;
    await this.endGivenUp();
    for (const { workflowId, runId } of runs.takeFailed()) {
      const handle = client.workflow.getHandle(workflowId, runId);
      const isEnded = await handle.terminate('its workflow task failed').then(
        () => true,
        () => false,
      );
      if (isEnded) await time.free();
    }
  }

  /** Until no workflow task of these runs is under way, for a while: what it fails with is the test's to hear of. */
  async settled(runs: readonly SeenRun[]): Promise<void> {
    const open = runs.filter((run) => run.isOpen && run.failure === null && !run.isGivenUp);
    await Promise.all(open.map((run) => this.untilIdle(run)));
  }

  /** Those that are open: they would hold up the time of later tests, or take part in it. */
  async endOpen(runs: readonly SeenRun[]): Promise<void> {
    const open = runs.filter(({ isOpen }) => isOpen);
    const ids = new Set(open.map(({ workflowId }) => workflowId));
    const areIdle = await Promise.all(open.map((run) => this.untilIdle(run)));
    await Promise.all([...ids].map((workflowId) => this.end(workflowId, 'end of the test')));
    for (const run of open) run.isOpen = false;
    await this.options.heldTime.freed();
    // The server never lets go of the time of a task whose run was ended meanwhile.
    if (areIdle.includes(false)) await this.options.time.freeAll();
  }

  private async untilIdle(run: SeenRun): Promise<boolean> {
    const handle = this.options.client.workflow.getHandle(run.workflowId, run.runId);
    const options = { withinMs: LONGEST_TASK_MS, hasFailed: () => run.failure !== null };
    return untilIdle(handle, options).catch(() => true);
  }

  private async endGivenUp(): Promise<void> {
    const { runs, heldTime, time } = this.options;
    const ids = runs.takeGivenUp();
    if (ids.length === 0) return;
    for (const workflowId of ids) await this.end(workflowId, 'it did not go on');
    await heldTime.freed();
    await time.freeAll();
  }

  private async end(workflowId: string, reason: string): Promise<void> {
    const { client, activities, heldTime } = this.options;
    try {
      const handle = client.workflow.getHandle(workflowId);
      await handle.terminate(reason);
      const { runId } = await handle.describe();
      const running = activities.running.filter(({ info }) => info.workflowExecution?.runId === runId);
      heldTime.abandoned({ workflowId, runId, activityIds: null });
      activities.abandon(
        runId,
        running.map(({ info }) => info.activityId),
      );
    } catch {
      // It has ended by itself.
    }
  }
}

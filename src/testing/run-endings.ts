import type { Client } from '@temporalio/client';
import type { ActivityRunner } from './activity-runner';
import type { HeldTime } from './held-time';
import type { RunRegistry } from './run-registry';
import type { TestTime } from './time';

export interface RunEndingsOptions {
  client: Client;
  runs: RunRegistry;
  activities: ActivityRunner;
  time: TestTime;
  heldTime: HeldTime;
}

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

  /** All that are open: they would hold up the time of later tests. */
  async endAll(): Promise<void> {
    const ids = new Set(this.options.runs.all().map(({ workflowId }) => workflowId));
    await Promise.all([...ids].map((workflowId) => this.end(workflowId, 'end of the test')));
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

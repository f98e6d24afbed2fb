import type { Client } from '@temporalio/client';
import type { Execution } from '../worker/protocol';
import type { ActivityRunner } from '../activities/activity-runner';
import { openEvents } from '../../temporal/relations';
import { OrphanedChildren } from './orphaned-children';
import type { TestTime } from './test-time';
import { pause } from './clock';

export interface HeldTimeOptions {
  client: Client;
  time: TestTime;
  activities: Pick<ActivityRunner, 'isBetweenAttempts' | 'infoOf'>;
}

/** A run that ends, with the ids of the activities that it leaves: all that are unfinished, if they are not given. */
type EndingRun = Execution & { activityIds?: readonly string[] };

const LOOK_EVERY_MS = 20;
const LOOKS = 100;

/**
 * Releases the time that activities and child workflows hold after their workflow has ended. The time-skipping server holds time for each activity
 * until the activity ends, and keeps the hold if the workflow ends first (`TestWorkflowMutableStateImpl` of the test server,
 * 1.40.0): timers of later workflows would not be skipped. `test/testing/mocks/mock-activities.test.ts` holds it, and
 * `test/testing/time/orphaned-children.test.ts` the same of child workflows.
 */
export class HeldTime {
  private readonly pending = new Set<Promise<void>>();
  private readonly children: OrphanedChildren;

  constructor(private readonly options: HeldTimeOptions) {
    this.children = new OrphanedChildren(options);
  }

  /** Begins to release the time of the activities and children of a run. */
  release(run: EndingRun): void {
    this.begin(() => this.releaseOnceClosed(run));
  }

  /** Begins to release the time of a run whose code has ended after its parent. */
  runEnded({ workflowId }: Pick<Execution, 'workflowId'>): void {
    this.begin(() => this.children.ended(workflowId));
  }

  /** Releases the time of children that have ended after their parent without their code, such as by a timeout. */
  releaseClosed(): Promise<void> {
    return this.children.releaseClosed();
  }

  private begin(release: () => Promise<void>): void {
    if (!this.options.time.canSkip) return;
    const released: Promise<void> = release()
      .catch(() => undefined)
      .finally(() => this.pending.delete(released));
    this.pending.add(released);
  }

  /** Resolves once the activities and ended children of all runs given to {@link release} so far hold no time. */
  async released(): Promise<void> {
    await Promise.all(this.pending);
  }

  private async releaseOnceClosed({ workflowId, runId, activityIds }: EndingRun): Promise<void> {
    const { client, time, activities } = this.options;
    const handle = client.workflow.getHandle(workflowId, runId);
    for (let look = 0; look < LOOKS; look++) {
      const { status } = await handle.describe();
      if (status.name !== 'RUNNING') break;
      await pause(LOOK_EVERY_MS);
    }
    const { events } = await handle.fetchHistory();
    await this.children.add(events ?? []);
    const unfinished = new Set(
      openEvents(events ?? [], 'activityTaskScheduledEventAttributes').map(
        ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled!.activityId ?? '',
      ),
    );
    for (const id of activityIds ?? unfinished) {
      // The server holds no time for an activity between two attempts.
      if (!unfinished.has(id) || activities.isBetweenAttempts(runId, id)) continue;
      await time.releaseHold();
      // A hanging mock sleeps on the server. That sleep has to end before the time of the next workflow begins.
      const info = activities.infoOf(runId, id);
      if (info) await time.sleepEnded(info);
    }
  }
}

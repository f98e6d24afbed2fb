import type { Client } from '@temporalio/client';
import type { UnfinishedActivities } from '../worker/protocol';
import { openEvents } from '../../temporal/relations';
import type { ActivityRunner } from '../activities/activity-runner';
import type { TestTime } from './time';

/** `activityIds` null: all that the run has. */
type Abandoned = Omit<UnfinishedActivities, 'activityIds'> & { activityIds: readonly string[] | null };

export interface HeldTimeOptions {
  client: Client;
  time: TestTime;
  activities: Pick<ActivityRunner, 'isBetweenAttempts' | 'infoOf'>;
}

const LOOK_EVERY_MS = 20;
const LOOKS = 100;

/**
 * The time-skipping server holds up time for each activity until it ends, and never lets go where its workflow ends first
 * (`TestWorkflowMutableStateImpl` of the test server, 1.40.0): no timer of any later workflow would be skipped. This gives
 * the time of such activities free. `test/testing/mocks/mock-activities.test.ts` holds it.
 */
export class HeldTime {
  private readonly freeing = new Set<Promise<void>>();

  constructor(private readonly options: HeldTimeOptions) {}

  abandoned(activities: Abandoned): void {
    if (!this.options.time.canSkip) return;
    const freed: Promise<void> = this.free(activities)
      .catch(() => undefined)
      .finally(() => this.freeing.delete(freed));
    this.freeing.add(freed);
  }

  /** Until what was abandoned so far holds up no time. */
  async freed(): Promise<void> {
    await Promise.all(this.freeing);
  }

  private async free({ workflowId, runId, activityIds }: Abandoned): Promise<void> {
    const { client, time, activities } = this.options;
    const handle = client.workflow.getHandle(workflowId, runId);
    for (let look = 0; look < LOOKS; look++) {
      const { status } = await handle.describe();
      if (status.name !== 'RUNNING') break;
      await new Promise<void>((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    const unended = await unendedActivities(client, workflowId, runId);
    for (const id of activityIds ?? unended) {
      if (!unended.has(id) || activities.isBetweenAttempts(runId, id)) continue;
      await time.free();
      // A mock that hangs lets time pass, and has to end that before the next workflow's time begins.
      const info = activities.infoOf(runId, id);
      if (info) await time.sleepOf(info);
    }
  }
}

async function unendedActivities(client: Client, workflowId: string, runId: string): Promise<Set<string>> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const unended = openEvents(events ?? [], 'activityTaskScheduledEventAttributes');
  return new Set(unended.map((event) => event.activityTaskScheduledEventAttributes?.activityId ?? ''));
}

import type { Client } from '@temporalio/client';
import type { Event } from '../../temporal/event';
import { openEvents } from '../../temporal/relations';
import { pause } from './clock';
import type { TestTime } from './test-time';

/** Statuses of which the server informs the parent. It does not for a child that is terminated. */
const REPORTED_TO_PARENT = new Set<string>(['COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT']);
const LOOK_EVERY_MS = 20;
const LOOKS = 100;

type OpenStatus = 'RUNNING' | 'NOT_FOUND';

/**
 * Releases the time that children hold whose parent has ended before them. The time-skipping server (1.40) takes a hold to inform
 * the parent of the start and of the end of a child, and keeps it if the parent has ended (sdk-typescript#1101, sdk-java#2392).
 */
export class OrphanedChildren {
  /** Ids of the children that are still open. */
  private readonly open = new Set<string>();
  /** Ids of the workflows whose code has ended, perhaps before the server has closed them. */
  private readonly ending = new Set<string>();

  constructor(private readonly options: { client: Client; time: TestTime }) {}

  /** Adds the children that are unfinished in the history of a parent that has ended. */
  async add(parentEvents: readonly Event[]): Promise<void> {
    const initiated = openEvents(parentEvents, 'startChildWorkflowExecutionInitiatedEventAttributes');
    const started = new Set(
      parentEvents.map(({ childWorkflowExecutionStartedEventAttributes: child }) =>
        String(child?.initiatedEventId),
      ),
    );
    for (const event of initiated) {
      const id = event.startChildWorkflowExecutionInitiatedEventAttributes!.workflowId ?? '';
      if (!started.has(String(event.eventId)) && (await this.hasStarted(id)))
        await this.options.time.releaseHold();
      this.open.add(id);
      if (this.ending.has(id)) await this.ended(id);
      else await this.releaseIfClosed(id);
    }
  }

  /** Called when the code of a run has ended: releases the time of the run once the server has closed it. */
  async ended(workflowId: string): Promise<void> {
    this.ending.add(workflowId);
    for (let look = 0; look < LOOKS && this.open.has(workflowId); look++) {
      await this.releaseIfClosed(workflowId);
      if (this.open.has(workflowId)) await pause(LOOK_EVERY_MS);
    }
  }

  /** Releases the time of the children that have ended otherwise, such as by a timeout. */
  async releaseClosed(): Promise<void> {
    for (const id of this.open) await this.releaseIfClosed(id);
  }

  private async releaseIfClosed(id: string): Promise<void> {
    const status = await this.statusOf(id);
    if (status === 'RUNNING' || status === 'NOT_FOUND' || !this.open.delete(id)) return;
    if (REPORTED_TO_PARENT.has(status)) await this.options.time.releaseHold();
  }

  private async hasStarted(id: string): Promise<boolean> {
    for (let look = 0; look < LOOKS; look++) {
      if ((await this.statusOf(id)) !== 'NOT_FOUND') return true;
      await pause(LOOK_EVERY_MS);
    }
    return false;
  }

  private statusOf(id: string): Promise<OpenStatus | (string & {})> {
    return this.options.client.workflow
      .getHandle(id)
      .describe()
      .then(
        ({ status }) => status.name,
        () => 'NOT_FOUND',
      );
  }
}

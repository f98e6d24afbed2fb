import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Worker, WorkerOptions } from '@temporalio/worker';
import type { Database } from 'node-sqlite3-wasm';
import { createOrderWorker } from '../../examples/order-service/src/worker';
import { carrierUpdate } from '../../examples/order-service/src/workflows';

const { EventType, PendingActivityState } = temporal.api.enums.v1;
/** gRPC status of `fetchHistory` for a run that is not there yet. */
const NOT_FOUND = 5;
export type EventName = keyof typeof EventType extends `EVENT_TYPE_${infer N}` ? N : never;

/** One recorded situation. The workflow id names it. */
export interface RecordingCase {
  workflowId: string;
  /** Feature that only this history shows, for histories/README.md. */
  covers: string;
  record(recorder: Recorder, workflowId: string): Promise<unknown>;
}

/** Identity of the client and the workers in the histories, without a process id or host name. */
export const CLIENT_IDENTITY = 'web-shop';

/** Cluster and workers of the service, as the cases need them. */
export class Recorder {
  readonly client: Client;

  constructor(
    readonly env: TestWorkflowEnvironment,
    private readonly db: Database,
  ) {
    this.client = env.client;
  }

  /** Runs a worker of the service while `work` lasts. */
  async withWorker<T>(options: Partial<WorkerOptions>, work: () => Promise<T>): Promise<T> {
    const worker = await this.createWorker(options);
    return await worker.runUntil(work());
  }

  async createWorker(options: Partial<WorkerOptions>): Promise<Worker> {
    return await createOrderWorker(this.env.nativeConnection, this.db, {
      identity: 'order-service',
      namespace: this.client.options.namespace,
      shutdownGraceTime: 0,
      ...options,
    });
  }

  /** Waits until the run has this number of events of a type. */
  async waitFor(workflowId: string, event: EventName, count = 1, runId?: string): Promise<WorkflowHandle> {
    return await this.eventually(`${count} × ${event} in ${workflowId}`, async () => {
      const handle = this.client.workflow.getHandle(workflowId, runId);
      const { events } = await handle.fetchHistory();
      const type = EventType[`EVENT_TYPE_${event}` as keyof typeof EventType];
      const found = (events ?? []).filter((each) => each.eventType === type).length;
      return found >= count ? handle : undefined;
    });
  }

  /** Waits until a worker has begun an activity of this type. */
  async activityRunning(workflowId: string, activityType: string): Promise<void> {
    await this.eventually(`${activityType} running in ${workflowId}`, async () => {
      const { raw } = await this.client.workflow.getHandle(workflowId).describe();
      return raw.pendingActivities?.find(
        ({ activityType: type, state }) =>
          type?.name === activityType && state === PendingActivityState.PENDING_ACTIVITY_STATE_STARTED,
      );
    });
  }

  /** Waits for a workflow that another one starts. */
  async handleOf(workflowId: string): Promise<WorkflowHandle> {
    return await this.waitFor(workflowId, 'WORKFLOW_EXECUTION_STARTED');
  }

  /** Stands for the carrier's webhook. */
  async deliver(orderId: string, status: 'delivered' | 'lost' = 'delivered'): Promise<void> {
    const shipment = await this.waitFor(`${orderId}-shipment`, 'TIMER_STARTED');
    await shipment.signal(carrierUpdate, { status: 'in-transit' });
    await shipment.signal(carrierUpdate, { status });
  }

  /** Waits for the end of the run, with a result or a failure. */
  async ended(handle: Pick<WorkflowHandle, 'result'>): Promise<void> {
    await handle.result().catch(() => undefined);
  }

  /** Takes a workflow task and never answers, as a worker that died. */
  async takeWorkflowTask(taskQueue: string): Promise<void> {
    const { workflowService } = this.client.connection;
    // The server refuses a poll without a deadline.
    await this.client.connection.withDeadline(Date.now() + 60_000, () =>
      workflowService.pollWorkflowTaskQueue({
        namespace: this.client.options.namespace,
        taskQueue: { name: taskQueue },
        identity: 'order-service-that-died',
      }),
    );
  }

  /** Runs a workflow again from one of its workflow tasks. */
  async reset(handle: WorkflowHandle, workflowTask: number): Promise<WorkflowHandle> {
    const { runId } = (await handle.describe()).raw.workflowExecutionInfo!.execution!;
    const { events } = await handle.fetchHistory();
    const completed = (events ?? []).filter(
      (event) => event.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    )[workflowTask - 1];
    const reset = await this.client.connection.workflowService.resetWorkflowExecution({
      namespace: this.client.options.namespace,
      workflowExecution: { workflowId: handle.workflowId, runId },
      workflowTaskFinishEventId: completed!.eventId,
      requestId: randomUUID(),
      reason: 'a price was wrong',
      identity: CLIENT_IDENTITY,
    });
    return this.client.workflow.getHandle(handle.workflowId, reset.runId);
  }

  /** Repeats a call until it returns a value, for as long as a busy machine may need. */
  async eventually<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      try {
        const value = await attempt();
        if (value !== undefined) return value;
      } catch (err) {
        if (!(err instanceof WorkflowNotFoundError) && (err as { code?: number }).code !== NOT_FOUND)
          throw err;
      }
      if (Date.now() > deadline) throw new Error(`Waited a minute for ${what}`);
      await delay(100);
    }
  }
}

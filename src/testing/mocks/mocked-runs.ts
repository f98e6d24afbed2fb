import type { Client, WorkflowHandle } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { type Event, isClosed } from '../../temporal/event';
import {
  HELD_WORKFLOW,
  type MockedRun,
  type MockedRunPlan,
  type MockedWorkflowActivities,
} from '../worker/mocked-workflow-steps';
import type { ChildStart, Execution } from '../worker/protocol';
import { type MockedWorkflows, mockedWorkflowsOf, type StartedRun } from './mock-child-workflows';
import type { MockContext, OpenedMocks } from './opened-mocks';
import { isCancelRequested, signalsOf } from './received-signals';
import { nowMs, pause } from '../time/clock';

const { Payload } = temporal.api.common.v1;

interface MockedRunsOptions {
  mocked: MockedWorkflows;
  converter: LoadedDataConverter;
  client: Client;
  /** Task queue whose worker runs {@link HELD_WORKFLOW}. */
  taskQueue: string;
}

const LOOK_EVERY_MS = 20;
const LOOKS = 250;

/**
 * Waits until a run has no pending workflow task. If a run is terminated during one, the test server locks its time for good.
 *
 * @returns false if a task is still pending, or fails repeatedly
 */
export async function untilIdle(
  handle: WorkflowHandle,
  { withinMs = LOOKS * LOOK_EVERY_MS, hasFailed = () => false }: IdleOptions = {},
): Promise<boolean> {
  const startedAt = nowMs();
  do {
    if (hasFailed()) return false;
    const { events } = await handle.fetchHistory();
    if (isClosed(events ?? [])) return true;
    const last = (events ?? []).findLast(isOfWorkflowTask);
    if (last?.workflowTaskCompletedEventAttributes) return true;
    if (last?.workflowTaskFailedEventAttributes) return false;
    await pause(LOOK_EVERY_MS);
  } while (nowMs() - startedAt < withinMs);
  return false;
}

interface IdleOptions {
  withinMs?: number;
  /** Returns true if the SDK worker has reported a failed task; the server records only the first failure. */
  hasFailed?: () => boolean;
}

const isOfWorkflowTask = (event: Event): boolean =>
  Boolean(
    event.workflowTaskScheduledEventAttributes ??
    event.workflowTaskFailedEventAttributes ??
    event.workflowTaskCompletedEventAttributes,
  );

/** The option of `createTestEnvironment` that takes mocks of workflow types. */
export interface ChildWorkflowMockOptions {
  /** Mocks of workflow types, as `mockChildWorkflows(…)` returns them. @default none */
  childWorkflows?: object;
}

/** Opens the mocks of `mockChildWorkflows` in an environment. */
export function openChildWorkflowMocks(
  { childWorkflows }: ChildWorkflowMockOptions,
  { converter, client, taskQueue }: MockContext,
): OpenedMocks<'startChild'> {
  const mocked = mockedWorkflowsOf(childWorkflows);
  const types = [...mocked.byType.keys()];
  const runs = new MockedRuns({ mocked, converter, client, taskQueue });
  return {
    answer: (start) => runs.startChild(start),
    activities: { ...runs.activities },
    workflowTypes: types.length > 0 ? [...types, HELD_WORKFLOW] : [],
    taskQueues: mocked.taskQueues,
  };
}

/** The runs of mocked workflows in one environment, each matched with the call of its mock. */
class MockedRuns {
  /** Runs that a parent has started and that have not begun, by workflow id. */
  private readonly asked = new Map<string, StartedRun[]>();
  private readonly begun = new Map<string, StartedRun>();

  constructor(private readonly options: MockedRunsOptions) {
    for (const mock of options.mocked.byType.values())
      mock.attach({
        signals: async (run) =>
          (await this.each(run, (of) => signalsOf(of, this.options.client, this.options.converter))).flat(),
        cancelRequests: async (run) => {
          const requested = await this.each(run, (of) => isCancelRequested(of, this.options.client));
          return requested.includes(true) ? [run.call.workflowId] : [];
        },
      });
  }

  /** Activities that the code of mocked workflows calls; they are hidden from the test's mocks. */
  readonly activities: MockedWorkflowActivities = {
    'temporalReplay.beginRun': async (run, ...args) => this.begin(run, args),
    'temporalReplay.endRun': async ({ runId }) => this.begun.get(runId)!.outcome(),
  };

  /** Records the call of a child workflow before its parent starts it, so that the test sees it even if the parent ends at once. */
  async startChild({ workflowType, workflowId, args, parent }: ChildStart): Promise<void> {
    const { mocked, converter } = this.options;
    const decoded = args.map((arg) => converter.payloadConverter.fromPayload<unknown>(Payload.decode(arg)));
    const run = mocked.byType.get(workflowType)?.start(workflowId, decoded, 1);
    if (!run) return;
    if (run.neverStarts) return this.occupy(workflowId, parent);
    this.asked.set(workflowId, [...(this.asked.get(workflowId) ?? []), run]);
  }

  private begin({ workflowType, workflowId, runId, attempt }: MockedRun, args: unknown[]): MockedRunPlan {
    if (workflowType === HELD_WORKFLOW) return { delayMs: 0, hangs: true };
    const run =
      this.begun.get(runId) ??
      (attempt === 1 ? this.asked.get(workflowId)?.shift() : undefined) ??
      this.options.mocked.byType.get(workflowType)!.start(workflowId, args, attempt);
    this.begun.set(runId, run);
    run.runIds.add(runId);
    return { delayMs: run.delayMs, hangs: run.hangs };
  }

  /** Opens a run with the workflow id, so that the server refuses the child. */
  private async occupy(workflowId: string, parent: Execution): Promise<void> {
    const { client, taskQueue } = this.options;
    try {
      await client.workflow.start(HELD_WORKFLOW, { workflowId, taskQueue });
    } catch {
      // Another run has the workflow id, so the child is refused anyway.
      return;
    }
    void this.freeOnceRefused(workflowId, parent).catch(() => undefined);
  }

  private async freeOnceRefused(workflowId: string, parent: Execution): Promise<void> {
    const { workflow } = this.options.client;
    for (let look = 0; look < LOOKS; look++) {
      await pause(LOOK_EVERY_MS);
      const { events } = await workflow.getHandle(parent.workflowId, parent.runId).fetchHistory();
      const refused = (events ?? []).some(
        ({ startChildWorkflowExecutionFailedEventAttributes: failed }) => failed?.workflowId === workflowId,
      );
      if (refused) break;
    }
    await untilIdle(workflow.getHandle(workflowId));
    await workflow.getHandle(workflowId).terminate('The test has made the start of this workflow fail.');
  }

  private each<T>(
    { call, runIds }: StartedRun,
    read: (run: { workflowId: string; runId: string | undefined }) => Promise<T>,
  ): Promise<T[]> {
    const ids: (string | undefined)[] = runIds.size > 0 ? [...runIds] : [undefined];
    return Promise.all(ids.map((runId) => read({ workflowId: call.workflowId, runId })));
  }
}

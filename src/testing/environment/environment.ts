import { randomUUID } from 'node:crypto';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import type { Duration, LoadedDataConverter, Workflow, WorkflowResultType } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import { TemporalReplayError } from '../../errors';
import type { HistorySource } from '../../model/history';
import type { DiagnosedReport } from '../../model/report';
import { contextOfActivity } from '../activities/activity-context';
import { awaitServerCall } from '../connection/await-server-call';
import { letTimePass } from '../time/activity-time';
import { type UntilOptions, waitUntil } from '../waits/wait-until';
import { HELD_WORKFLOW } from '../worker/mocked-workflow-steps';
import type { MetricUpdate, WorkflowLog } from '../worker/protocol';
import { EnvironmentLifecycle } from './environment-lifecycle';
import type { StartArguments, TestStartOptions } from './environment-options';
import type { EnvironmentParts, EnvironmentSettings } from './environment-parts';
import { environmentRegistry, type RegisteredEnvironment } from './environment-registry';
import { MockedExternalWorkflow } from './external-workflow';
import { type TestWorkflowHandle, testHandleOf } from './handle';

/** A real Temporal server, with an SDK worker that runs the service's workflow code. Created by `createTestEnvironment`. */
export class TestEnvironment implements AsyncDisposable, RegisteredEnvironment {
  /** The SDK's client, connected to the server. Its waits for workflows skip time and never hang. */
  readonly client: Client;
  /** The task queue on which `start` and `execute` start workflows. */
  readonly taskQueue: string;
  /** Messages that workflow code and activity code have logged so far. */
  readonly logs: readonly WorkflowLog[];
  /** True if the environment replays its runs at the end of each test. */
  readonly autoReplay: boolean;
  /** @internal */
  readonly dataConverter: LoadedDataConverter;
  private readonly lifecycle: EnvironmentLifecycle;
  private isOpen = true;

  /** @internal */
  constructor(
    private readonly parts: EnvironmentParts,
    { taskQueue, autoReplay, keepRuns }: EnvironmentSettings,
  ) {
    this.client = parts.client;
    this.logs = parts.logs;
    this.dataConverter = parts.converter;
    this.taskQueue = taskQueue;
    this.autoReplay = autoReplay;
    this.lifecycle = new EnvironmentLifecycle(parts, { autoReplay, keepRuns });
  }

  /** Starts a workflow on this environment's task queue. A wait for its result skips time, and never hangs. */
  async start<W extends Workflow>(
    workflow: W | string,
    ...[options]: StartArguments<W>
  ): Promise<TestWorkflowHandle<W>> {
    this.parts.runs.recordActivity();
    const handle = await awaitServerCall(
      this.client.workflow.start<W>(workflow, this.startOptions(options)),
      this.parts.testWorker,
    );
    return testHandleOf(handle, (isTrue, untilOptions) => this.until(isTrue, untilOptions));
  }

  /**
   * Starts a workflow and waits for its result.
   *
   * @throws WORKFLOW_TASK_FAILED, or WORKFLOW_STALLED if the workflow does not go on
   */
  async execute<W extends Workflow>(
    workflow: W | string,
    ...[options]: StartArguments<W>
  ): Promise<WorkflowResultType<W>> {
    // `await` keeps this function, and so its caller, in the stack of errors.
    return await awaitServerCall(
      this.client.workflow.execute<W>(workflow, this.startOptions(options)),
      this.parts.testWorker,
    );
  }

  /** Returns the metrics that workflow code, activity code and the SDK have recorded so far in this environment. */
  async metrics(): Promise<readonly MetricUpdate[]> {
    this.parts.metrics.push(...(await this.parts.testWorker.channel.request('metrics', {})));
    return this.parts.metrics;
  }

  /** Returns the current workflow time. */
  async currentTime(): Promise<Date> {
    return new Date(await this.parts.time.nowMs());
  }

  /**
   * Lets workflow time pass: at once on the time-skipping server, and in real time on the full one. An activity may call it, too:
   * time passes for its workflow meanwhile, up to the activity's own timeout.
   *
   * @throws WORKFLOW_TASK_FAILED, or WORKFLOW_STALLED if an activity holds the time. In an activity, the cancellation of that
   * activity, or an Error once the server has ended the attempt
   */
  async sleep(duration: Duration): Promise<void> {
    const { guard, time } = this.parts;
    const activity = contextOfActivity(this.client);
    if (activity) return letTimePass(activity, msToNumber(duration));
    const name = typeof duration === 'number' ? `${duration} ms` : duration;
    await guard.wait({ kind: 'sleep', workflowId: null, name }, () => time.sleep(duration));
  }

  /**
   * Waits until a condition is true. Skips workflow time while nothing else goes on.
   *
   * @throws WORKFLOW_TASK_FAILED, or WORKFLOW_STALLED if the condition does not become true
   */
  async until(isTrue: () => boolean | Promise<boolean>, options: UntilOptions = {}): Promise<void> {
    const { runs, time, activities, problems } = this.parts;
    const runningActivities = (): number => activities.running.length;
    const findProblem = (): Promise<Error | null> => problems.unreportedTaskFailure();
    await awaitServerCall(
      waitUntil(isTrue, { runs, time, runningActivities, findProblem }, options),
      this.parts.testWorker,
    );
  }

  /** Simulates a restart of all workers: activities are cancelled, and workflows go on from their histories. */
  async restartWorkers(): Promise<void> {
    this.parts.activities.cancelAll();
    await this.parts.sdkWorkers.restart();
  }

  /**
   * Keeps no workflow in memory from now on, so that each workflow task replays it from the start.
   *
   * @throws USAGE if a workflow has run already
   */
  async evictAfterEachTask(): Promise<void> {
    if (this.parts.runs.all().length > 0)
      throw new TemporalReplayError(
        'USAGE',
        'evictAfterEachTask() comes too late: workflows have run already.',
        {
          hint: 'Call it before the first start, or give createTestEnvironment({ evictAfterEachTask: true }).',
        },
      );
    await this.parts.sdkWorkers.evictAfterEachTask();
  }

  /** Starts a run with this workflow id in place of another service's workflow. It accepts signals, and ends when cancelled. */
  async mockExternalWorkflow(workflowId: string): Promise<MockedExternalWorkflow> {
    const taskQueue = await this.parts.sdkWorkers.queueOfExternalWorkflows();
    const { firstExecutionRunId } = await this.client.workflow.start(HELD_WORKFLOW, {
      ...{ workflowId, taskQueue },
    });
    return new MockedExternalWorkflow(workflowId, firstExecutionRunId, this.client, this.dataConverter);
  }

  /**
   * Replays the runs that went on since the last call against the same code.
   *
   * @throws NOT_DETERMINISTIC with a diagnosis of each run that is not compatible
   */
  async replayRuns(): Promise<void> {
    await this.lifecycle.replayRuns();
  }

  /** @internal Replays histories, given as bytes, with the code of this environment. */
  replayHistories(histories: readonly HistorySource[]): Promise<DiagnosedReport> {
    const { bundle, testWorker } = this.parts;
    return testWorker.channel.request('replayHistories', { bundle, histories });
  }

  /** @internal */
  hasWorkflowType(workflowType: string): boolean {
    return this.parts.bundle.workflowTypes.includes(workflowType);
  }

  /** @internal */
  testStarted(): void {
    this.lifecycle.beginTest();
  }

  /** @internal Checks the runs of a test and terminates those that are open. Returns the errors that the test fails with. */
  endTest(): Promise<unknown[]> {
    return this.lifecycle.endTest();
  }

  /** @internal Terminates the runs that cannot go on. */
  endFailedRuns(): Promise<void> {
    return this.lifecycle.terminateFailedRuns();
  }

  /** @internal Gives coverage of the workflow code since the last call to the test runner, if it collects coverage. */
  collectCoverage(): Promise<void> {
    return this.lifecycle.collectCoverage();
  }

  /** Stops the environment's SDK workers, and gives the server back to the test run. */
  async teardown(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    const registry = environmentRegistry();
    try {
      registry.closing(this);
      if (registry.checksOnClose) registry.addFailures(await this.lifecycle.checkRuns());
    } finally {
      registry.open.delete(this);
      await this.lifecycle.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.teardown();
  }

  private startOptions<W extends Workflow>(
    options: TestStartOptions<W> | undefined,
  ): WorkflowStartOptions<W> {
    const ids = { taskQueue: this.taskQueue, workflowId: `test-${randomUUID()}` };
    return { ...ids, ...options } as WorkflowStartOptions<W>;
  }
}

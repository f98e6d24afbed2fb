import { randomUUID } from 'node:crypto';
import type { Client, Connection, WorkflowStartOptions } from '@temporalio/client';
import type { Duration, LoadedDataConverter, Workflow, WorkflowResultType } from '@temporalio/common';
import { TemporalReplayError } from '../../errors';
import type { HistorySource } from '../../model/history';
import type { DiagnosedReport } from '../../model/report';
import { HELD_WORKFLOW } from '../worker/mocked-workflow-steps';
import type { Bundle, MetricUpdate, WorkflowLog } from '../worker/protocol';
import type { ActivityRunner } from '../activities/activity-runner';
import { collectCoverage } from '../coverage/collect-coverage';
import type { StartArguments, TestStartOptions } from './environment-options';
import type { SdkWorkers } from './sdk-workers';
import { MockedExternalWorkflow } from './external-workflow';
import { type TestWorkflowHandle, testHandleOf } from './handle';
import type { HeldTime } from '../time/held-time';
import type { MockedWorkflows } from '../mocks/mock-child-workflows';
import type { NexusEndpoints } from '../connection/nexus-endpoints';
import type { NexusRunner } from '../activities/nexus-runner';
import { environmentClosing, openEnvironments } from './open-environments';
import { awaitServerCall } from '../connection/await-server-call';
import type { RunEndings } from '../runs/run-endings';
import type { RunRegistry } from '../runs/run-registry';
import type { RunReplay } from '../runs/run-replay';
import type { RunnerCoverage } from '../coverage/runner-coverage';
import type { TestWorker } from '../connection/test-worker';
import type { TestTime } from '../time/time';
import { type UntilOptions, waitUntil } from '../waits/wait-until';
import type { WaitGuard } from '../waits/wait-guard';

/** What an environment is made of. */
export interface EnvironmentParts {
  client: Client;
  connection: Connection;
  converter: LoadedDataConverter;
  bundle: Bundle;
  testWorker: TestWorker;
  workers: SdkWorkers;
  endpoints: NexusEndpoints;
  activities: ActivityRunner;
  operations: NexusRunner;
  mocked: MockedWorkflows;
  runs: RunRegistry;
  replay: RunReplay;
  watch: WaitGuard;
  endings: RunEndings;
  time: TestTime;
  heldTime: HeldTime;
  logs: readonly WorkflowLog[];
  metrics: MetricUpdate[];
  coverage: RunnerCoverage | null;
}

export interface EnvironmentSettings {
  taskQueue: string;
  cwd: string;
  autoReplay: boolean;
  keepRuns: boolean;
}

/** A real Temporal server and a worker with the service's workflow code; made by `createTestEnvironment`. */
export class TestEnvironment implements AsyncDisposable {
  readonly client: Client;
  readonly taskQueue: string;
  /** What workflow and activity code has logged. */
  readonly logs: readonly WorkflowLog[];
  /** Whether its runs are replayed at the end of each test. */
  readonly autoReplay: boolean;
  /** @internal */
  readonly dataConverter: LoadedDataConverter;
  private readonly cwd: string;
  private readonly keepRuns: boolean;
  private isOpen = true;

  /** @internal */
  constructor(
    private readonly parts: EnvironmentParts,
    { taskQueue, cwd, autoReplay, keepRuns }: EnvironmentSettings,
  ) {
    this.client = parts.client;
    this.logs = parts.logs;
    this.dataConverter = parts.converter;
    this.taskQueue = taskQueue;
    this.cwd = cwd;
    this.autoReplay = autoReplay;
    this.keepRuns = keepRuns;
  }

  /** Starts a workflow on this environment's task queue. Waiting for its result skips time, and never hangs. */
  async start<W extends Workflow>(
    workflow: W | string,
    ...[options]: StartArguments<W>
  ): Promise<TestWorkflowHandle<W>> {
    this.parts.runs.touch();
    const handle = await awaitServerCall(
      this.client.workflow.start<W>(workflow, this.startOptions(options)),
      this.parts.testWorker,
    );
    return testHandleOf(handle, (isTrue, untilOptions) => this.until(isTrue, untilOptions));
  }

  /** Starts a workflow and waits for its result. */
  async execute<W extends Workflow>(
    workflow: W | string,
    ...[options]: StartArguments<W>
  ): Promise<WorkflowResultType<W>> {
    // Awaited here, so that the stack of its errors shows who has called.
    return await awaitServerCall(
      this.client.workflow.execute<W>(workflow, this.startOptions(options)),
      this.parts.testWorker,
    );
  }

  /** What workflow code, activity code and the SDK have recorded so far in this environment. */
  async metrics(): Promise<readonly MetricUpdate[]> {
    this.parts.metrics.push(...(await this.parts.testWorker.channel.request('metrics', {})));
    return this.parts.metrics;
  }

  /** Workflow time. */
  async currentTime(): Promise<Date> {
    return new Date(await this.parts.time.nowMs());
  }

  /**
   * Lets workflow time pass: at once on the time-skipping server.
   *
   * @throws WORKFLOW_TASK_FAILED, or WORKFLOW_STALLED where something holds up the time
   */
  async sleep(duration: Duration): Promise<void> {
    const { watch, time } = this.parts;
    const name = typeof duration === 'number' ? `${duration} ms` : duration;
    await watch.wait({ kind: 'sleep', workflowId: null, name }, () => time.sleep(duration));
  }

  /** Waits until something is true, and lets workflow time pass where nothing else goes on. @throws WORKFLOW_STALLED */
  async until(isTrue: () => boolean | Promise<boolean>, options: UntilOptions = {}): Promise<void> {
    const { runs, time, activities, watch } = this.parts;
    const running = (): number => activities.running.length;
    const trouble = async (): Promise<Error | null> => {
      const failed = runs.untold();
      return failed && watch.taskFailure(failed);
    };
    await awaitServerCall(
      waitUntil(isTrue, { runs, time, runningActivities: running, trouble }, options),
      this.parts.testWorker,
    );
  }

  /** As the end of all workers and the start of new ones: activities are cancelled, workflows go on from their histories. */
  async restartWorkers(): Promise<void> {
    this.parts.activities.cancelAll();
    await this.parts.workers.restart();
  }

  /**
   * From now on no workflow is kept in memory: each workflow task replays it from the start.
   *
   * @throws USAGE where workflows have run already
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
    await this.parts.workers.evictAfterEachTask();
  }

  /**
   * Starts a run with this workflow id that stands in for a workflow of somebody else: it takes signals, and a cancellation
   * ends it.
   */
  async mockExternalWorkflow(workflowId: string): Promise<MockedExternalWorkflow> {
    const taskQueue = await this.parts.workers.queueOfExternalWorkflows();
    const { firstExecutionRunId } = await this.client.workflow.start(HELD_WORKFLOW, {
      ...{ workflowId, taskQueue },
    });
    return new MockedExternalWorkflow(workflowId, firstExecutionRunId, this.client, this.dataConverter);
  }

  /**
   * Replays what ran since the last call against the same code.
   *
   * @throws NOT_DETERMINISTIC with a diagnosis of each run that is not compatible
   */
  async replayRuns(): Promise<void> {
    const due = this.parts.runs
      .takeDue()
      // What failed live has been told by whoever waited for it.
      .filter(({ failure, isGivenUp }) => failure === null && !isGivenUp)
      .filter(({ workflowType }) => this.isOwnType(workflowType));
    await this.parts.replay.verify(due);
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
    this.parts.runs.testStarted();
  }

  /**
   * @internal What a test is left with: a task that failed while nobody waited, replays that are not compatible. Ends the
   * runs that it has left open.
   *
   * @returns why the test fails
   */
  async endTest(): Promise<unknown[]> {
    const { runs, endings } = this.parts;
    const failures = await this.findings();
    await endings.endFailed();
    if (!this.keepRuns) await endings.endOpen(runs.ofTest());
    return failures;
  }

  /** @internal The same without an end. */
  async findings(): Promise<unknown[]> {
    const { runs, endings, watch } = this.parts;
    await endings.settled(runs.ofTest());
    const failures: unknown[] = [];
    for (let failed = runs.untold(); failed !== null; failed = runs.untold())
      failures.push(await watch.taskFailure(failed));
    if (this.autoReplay) await this.replayRuns().catch((err: unknown) => failures.push(err));
    return failures;
  }

  /** @internal Ends the runs that can't go on. */
  endFailedRuns(): Promise<void> {
    return this.parts.endings.endFailed();
  }

  /** @internal Gives what workflows have run since the last call to the test runner, where that collects coverage. */
  collectCoverage(): Promise<void> {
    return collectCoverage(this.parts.testWorker, this.parts.coverage);
  }

  /** Stops its workers and gives the server back. */
  async teardown(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    try {
      await environmentClosing(this);
    } finally {
      openEnvironments().delete(this);
      await this.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.teardown();
  }

  private async close(): Promise<void> {
    const { activities, operations, endings, runs, time, testWorker, watch } = this.parts;
    activities.cancelAll();
    operations.endAll();
    if (testWorker.channel.failure) return this.closeWithoutWorker();
    await watch.endAll();
    await time.endSleeps();
    await endings.endFailed().catch(() => undefined);
    await endings.endOpen(runs.all());
    await this.collectCoverage();
    // Such as by a run that was ended in the middle of a workflow task: the test server never lets go of its time.
    const keepsServer = await time.isFree();
    await this.parts.endpoints.deleteAll();
    // Before the server goes: a call that is still under way would be tried again on a connection that is closed.
    await this.parts.connection.close();
    await testWorker.release(keepsServer);
  }

  /** Its server is gone as well. */
  private async closeWithoutWorker(): Promise<void> {
    await this.parts.connection.close();
    await this.parts.testWorker.release(false);
  }

  /** Whether runs of this type ran the service's own code. */
  private isOwnType(workflowType: string): boolean {
    return this.hasWorkflowType(workflowType) && !this.parts.mocked.byType.has(workflowType);
  }

  private startOptions<W extends Workflow>(
    options: TestStartOptions<W> | undefined,
  ): WorkflowStartOptions<W> {
    const id = { taskQueue: this.taskQueue, workflowId: `test-${randomUUID()}` };
    return { ...id, ...options } as WorkflowStartOptions<W>;
  }
}

import { randomUUID } from 'node:crypto';
import type { Client, Connection, WorkflowStartOptions } from '@temporalio/client';
import type { Duration, LoadedDataConverter, Workflow, WorkflowResultType } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import { TemporalReplayError } from '../errors';
import type { DiagnosedReport, HistorySource } from '../model';
import type { ProjectOptions } from '../options/types';
import type { SearchAttributeTypeName } from '../server/start';
import { HELD_WORKFLOW } from '../test-worker/mocked-workflow-steps';
import type {
  Bundle,
  MetricUpdate,
  OpenedServer,
  ServerRequest,
  WorkerRequest,
  WorkflowLog,
} from '../test-worker/protocol';
import { type Activities, ActivityRunner } from './activity-runner';
import { connectTestClient, createTestClient } from './client';
import { collectCoverage } from './collect-coverage';
import { loadConverters } from './data-converter';
import { type TestWorkflowHandle, testHandleOf } from './handle';
import { MockedExternalWorkflow } from './external-workflow';
import { HeldTime } from './held-time';
import { type MockedWorkflows, mockedWorkflowsOf } from './mock-child-workflows';
import { type MockedNexusService, mockedNexusServicesOf } from './mock-nexus-operations';
import { MockedRuns } from './mocked-runs';
import { NexusEndpoints } from './nexus-endpoints';
import { NexusRunner } from './nexus-runner';
import { environmentClosing, openEnvironments } from './open-environments';
import { registerSearchAttributes } from './search-attributes';
import { replayText } from './replay-text';
import { RequestedOptions } from './requested-options';
import { ResultWatch } from './result-watch';
import { RunRegistry } from './run-registry';
import { type RunnerCoverage, runnerCoverage } from './runner-coverage';
import { acquireTestWorker, type TestWorker } from './test-worker';
import { type TestTime, timeOf } from './time';
import { type UntilOptions, waitUntil } from './wait-until';

/** Without `workflowsPath` and `bundle`, the code is that of `replay.config.*`; `name` chooses one of several projects. */
export interface TestEnvironmentOptions extends ProjectOptions {
  /** Functions by activity type: the service's own, or mocks of them. */
  activities?: Activities;
  /** What `mockChildWorkflows(…)` returned: workflow types that the test stands in for. */
  childWorkflows?: object;
  /** What `mockNexusOperations(…)` returned, one for each service. */
  nexus?: readonly object[];
  /** The full dev server in real time, for what the time-skipping one can't: lists, schedules, search attributes. */
  local?: boolean;
  /** Registered on the server: `{ CustomerId: 'Keyword' }`. */
  searchAttributes?: Readonly<Record<string, SearchAttributeTypeName>>;
  /** @default one of its own */
  taskQueue?: string;
  /** Further queues that a worker with the same code polls. */
  taskQueues?: readonly string[];
  /** Keep no workflow in memory, so that each workflow task replays it from the start. */
  evictAfterEachTask?: boolean;
  /** Replay each workflow at the end of its test. @default true under the jest preset and the vitest plugin */
  autoReplay?: boolean;
  /** Real time without anything going on after which a wait for a result fails. @default '3s' */
  stallTimeout?: Duration;
  /** Real time that a wait for a result may take. @default '20s' */
  resultTimeout?: Duration;
  /** What relative paths are relative to. @default process.cwd() */
  cwd?: string;
}

/** Options of a start without what the environment knows by itself. */
export type TestStartOptions<W extends Workflow> = Omit<
  WorkflowStartOptions<W>,
  'taskQueue' | 'workflowId'
> & {
  workflowId?: string;
  taskQueue?: string;
};

type StartArguments<W extends Workflow> =
  [] extends Parameters<W> ? [options?: TestStartOptions<W>] : [options: TestStartOptions<W>];

const DEFAULT_STALL_TIMEOUT = '3s';
const DEFAULT_RESULT_TIMEOUT = '20s';

/**
 * A real Temporal server and a worker with the service's workflow code, for tests. Time is skipped while a result is
 * awaited. `await env.teardown()` at the end, or `await using env = …`.
 *
 * @throws BUNDLE_FAILED, CONFIG_INVALID, SERVER_NOT_FOUND, SERVER_FAILED, TEST_WORKER_FAILED
 */
export async function createTestEnvironment(options: TestEnvironmentOptions = {}): Promise<TestEnvironment> {
  return TestEnvironment.create(options);
}

interface Parts {
  mocked: MockedWorkflows;
  nexus: readonly MockedNexusService[];
  nexusRunner: NexusRunner;
  converter: LoadedDataConverter;
  options: TestEnvironmentOptions;
  testWorker: TestWorker;
  bundle: Bundle;
  server: ServerRequest;
  opened: OpenedServer;
  connection: Connection;
  runs: RunRegistry;
  logs: WorkflowLog[];
  metrics: MetricUpdate[];
  coverage: RunnerCoverage | null;
}

export class TestEnvironment implements AsyncDisposable {
  readonly client: Client;
  readonly taskQueue: string;
  /** What workflow and activity code has logged. */
  readonly logs: readonly WorkflowLog[];
  private readonly activityRunner: ActivityRunner;
  private readonly time: TestTime;
  private readonly heldTime: HeldTime;
  private readonly nexusEndpoints: NexusEndpoints;
  private readonly queues = new Set<string>();
  private readonly cwd: string;
  private evicts: boolean;
  /** Of the worker that runs mocked external workflows; none before the first one. */
  private externalQueue: Promise<string> | null = null;
  private isOpen = true;

  private constructor(
    private readonly parts: Parts & { runner: (client: () => Client) => ActivityRunner; clientOf: ClientOf },
  ) {
    const { options, connection, runs, logs } = parts;
    this.taskQueue = options.taskQueue ?? `test-${randomUUID()}`;
    this.cwd = options.cwd ?? process.cwd();
    this.evicts = options.evictAfterEachTask ?? false;
    this.time = timeOf(connection);
    this.nexusEndpoints = new NexusEndpoints(connection, parts.opened.namespace);
    this.logs = logs;
    this.activityRunner = parts.runner(() => this.client);
    this.heldTime = new HeldTime({
      client: () => this.client,
      time: this.time,
      isBetweenAttempts: (runId, id) => this.activityRunner.isBetweenAttempts(runId, id),
      infoOf: (runId, id) => this.activityRunner.infoOf(runId, id),
    });
    const watch = new ResultWatch({
      connection,
      client: () => this.client,
      runs,
      activities: this.activityRunner,
      runningOperations: () => parts.nexusRunner.running,
      time: this.time,
      taskQueues: () => [...this.queues],
      cwd: this.cwd,
      stallTimeoutMs: msToNumber(options.stallTimeout ?? DEFAULT_STALL_TIMEOUT),
      timeoutMs: msToNumber(options.resultTimeout ?? DEFAULT_RESULT_TIMEOUT),
      settled: async () => {
        await parts.testWorker.channel.ask('settle', {}).catch(() => undefined);
        await this.heldTime.freed();
      },
      diagnose: async ({ workflowId, runId }) => {
        const report = await this.replay([{ workflowId, runId }]);
        return isCompatible(report) ? null : replayText(report, this.cwd);
      },
    });
    this.client = parts.clientOf((workflowId, runId, wait) => watch.wait(workflowId, runId, wait));
  }

  /** @internal */
  static async create(options: TestEnvironmentOptions): Promise<TestEnvironment> {
    const {
      activities,
      childWorkflows,
      nexus: nexusMocks = [],
      local,
      searchAttributes = {},
      cwd = process.cwd(),
      ...rest
    } = options;
    const mocked = mockedWorkflowsOf(childWorkflows);
    const nexus = mockedNexusServicesOf(nexusMocks);
    let nexusRunner: NexusRunner | null = null;
    let mockedRuns: MockedRuns | null = null;
    const runs = new RunRegistry();
    const logs: WorkflowLog[] = [];
    const metrics: MetricUpdate[] = [];
    const requested = new RequestedOptions();
    const coverage = runnerCoverage();
    let runner: ActivityRunner | null = null;
    let environment: TestEnvironment | null = null;
    const testWorker = await acquireTestWorker({
      answer: {
        runActivity: async (task) => {
          runs.touch();
          try {
            return await runner!.run(task);
          } finally {
            runs.touch();
          }
        },
        startChild: async (start) => mockedRuns?.startChild(start),
        runNexusOperation: async (task) => {
          runs.touch();
          try {
            return await nexusRunner!.run(task);
          } finally {
            runs.touch();
          }
        },
      },
      hear: {
        scheduled: (activity) => requested.add(activity),
        abandoned(activities) {
          runner?.abandon(activities.runId, activities.activityIds);
          environment?.heldTime.abandoned(activities);
        },
        cancelActivity: (notice) => runner?.cancel(notice),
        activated: (run) => runs.activated(run),
        taskFailed: (task) => runs.failed(task),
        log: (log) => void logs.push(log),
      },
      closed: () => undefined,
    });
    try {
      const server: ServerRequest = { kind: local ? 'local' : 'time-skipping', searchAttributes };
      const [bundle, opened] = await Promise.all([
        testWorker.bundle({ project: projectOf(rest), cwd, coverage: coverage !== null }),
        testWorker.channel.ask('openServer', server),
      ]);
      const converter = await loadConverters(bundle);
      mockedRuns = new MockedRuns({
        ...{ mocked, converter },
        client: () => environment!.client,
        taskQueue: () => environment!.taskQueue,
      });
      const clientOptions = { server: opened, skipsTime: server.kind === 'time-skipping', converter };
      const connection = await connectTestClient(clientOptions);
      if (!local) await registerSearchAttributes(connection, opened.namespace, searchAttributes);
      nexusRunner = new NexusRunner({
        ...{ services: nexus, converter },
        letTimePass: (ms) => timeOf(connection).sleep(ms),
      });
      environment = new TestEnvironment({
        ...{ options, testWorker, bundle, server, opened, connection, runs, logs, metrics },
        ...{ coverage, mocked, nexus, nexusRunner, converter },
        runner: (client) =>
          (runner = new ActivityRunner({
            activities: () => activities ?? {},
            internal: { ...mockedRuns!.activities },
            requested,
            converter,
            client,
            log: (log) => void logs.push(log),
            metric: (update) => void metrics.push(update),
            heartbeat: (task, details) => testWorker.channel.tell('heartbeat', { task, details }),
          })),
        clientOf: (wait) => createTestClient(connection, clientOptions, wait),
      });
      // Those of the test file before this one.
      await testWorker.channel.ask('metrics', {});
      await environment.startWorkers();
      await environment.startNexusWorkers();
      openEnvironments().add(environment);
      return environment;
    } catch (err) {
      await environment?.nexusEndpoints.deleteAll();
      await testWorker.release(true);
      throw err;
    }
  }

  /** Starts a workflow on this environment's task queue. Waiting for its result skips time, and never hangs. */
  async start<W extends Workflow>(
    workflow: W | string,
    ...[options]: StartArguments<W>
  ): Promise<TestWorkflowHandle<W>> {
    this.parts.runs.touch();
    const handle = await this.client.workflow.start<W>(workflow, this.startOptions(options));
    return testHandleOf(handle, (isTrue, untilOptions) => this.until(isTrue, untilOptions));
  }

  /** Starts a workflow and waits for its result. */
  async execute<W extends Workflow>(
    workflow: W | string,
    ...[options]: StartArguments<W>
  ): Promise<WorkflowResultType<W>> {
    return this.client.workflow.execute<W>(workflow, this.startOptions(options));
  }

  /** What workflow code, activity code and the SDK have recorded so far in this environment. */
  async metrics(): Promise<readonly MetricUpdate[]> {
    this.parts.metrics.push(...(await this.parts.testWorker.channel.ask('metrics', {})));
    return this.parts.metrics;
  }

  /** Lets workflow time pass: at once on the time-skipping server. */
  async sleep(duration: Duration): Promise<void> {
    await this.time.sleep(duration);
    this.parts.runs.touch();
  }

  /** Waits until something is true, and lets workflow time pass where nothing else goes on. @throws WORKFLOW_STALLED */
  async until(isTrue: () => boolean | Promise<boolean>, options: UntilOptions = {}): Promise<void> {
    const { runs } = this.parts;
    const runningActivities = (): number => this.activityRunner.running.length;
    await waitUntil(isTrue, { runs, time: this.time, runningActivities }, options);
  }

  /** As the end of all workers and the start of new ones: activities are cancelled, workflows go on from their histories. */
  async restartWorkers(): Promise<void> {
    this.activityRunner.cancelAll();
    for (const taskQueue of this.queues)
      await this.parts.testWorker.channel.ask('restartWorker', { taskQueue });
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
    this.evicts = true;
    for (const taskQueue of this.queues) await this.parts.testWorker.channel.ask('stopWorker', { taskQueue });
    await this.startWorkers();
  }

  /** Workflow time. */
  async currentTime(): Promise<Date> {
    return new Date(await this.time.nowMs());
  }

  /**
   * Starts a run with this workflow id that stands in for a workflow of somebody else: it takes signals, and a cancellation
   * ends it.
   */
  async mockExternalWorkflow(workflowId: string): Promise<MockedExternalWorkflow> {
    this.externalQueue ??= this.startExternalWorker();
    const taskQueue = await this.externalQueue;
    const handle = await this.client.workflow.start(HELD_WORKFLOW, { workflowId, taskQueue });
    return new MockedExternalWorkflow(
      ...([workflowId, handle.firstExecutionRunId, this.client, this.parts.converter] as const),
    );
  }

  private async startExternalWorker(): Promise<string> {
    const taskQueue = `external-${randomUUID()}`;
    await this.startWorker(taskQueue, [HELD_WORKFLOW]);
    return taskQueue;
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
      .filter(({ failure }) => failure === null)
      .filter(({ workflowType }) => this.isOwnType(workflowType));
    if (due.length === 0) return;
    const report = await this.replay(due);
    if (isCompatible(report)) return;
    throw new TemporalReplayError(
      'NOT_DETERMINISTIC',
      `The workflow code does other things on replay than when it ran.\n\n${replayText(report, this.cwd)}`,
    );
  }

  /** @internal Ends the runs that can't go on: the server tries them again for ever, or skips no time meanwhile. */
  async endFailedRuns(): Promise<void> {
    await this.endGivenUp();
    for (const { workflowId, runId } of this.parts.runs.takeFailed()) {
      const handle = this.client.workflow.getHandle(workflowId, runId);
      const isEnded = await handle.terminate('its workflow task failed').then(
        () => true,
        () => false,
      );
      if (isEnded) await this.time.free();
    }
  }

  private async endGivenUp(): Promise<void> {
    const ids = this.parts.runs.takeGivenUp();
    if (ids.length === 0) return;
    for (const workflowId of ids) await this.endRun(workflowId, 'it did not go on');
    await this.heldTime.freed();
    await this.time.freeAll();
  }

  /** Whether its runs are replayed at the end of each test. */
  get autoReplay(): boolean {
    return this.parts.options.autoReplay ?? true;
  }

  /** @internal */
  get dataConverter(): LoadedDataConverter {
    return this.parts.converter;
  }

  /** @internal */
  hasWorkflowType(workflowType: string): boolean {
    return this.parts.bundle.workflowTypes.includes(workflowType);
  }

  /** @internal Replays histories, given as bytes, with the code of this environment. */
  replayHistories(histories: readonly HistorySource[]): Promise<DiagnosedReport> {
    const { bundle, testWorker } = this.parts;
    return testWorker.channel.ask('replayHistories', { bundle, histories });
  }

  /** Stops its workers and gives the server back. */
  async teardown(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    try {
      await environmentClosing(this);
    } finally {
      openEnvironments().delete(this);
      this.activityRunner.cancelAll();
      this.parts.nexusRunner.endAll();
      await this.time.endSleeps();
      await this.endFailedRuns().catch(() => undefined);
      await this.endRuns();
      await this.heldTime.freed();
      await collectCoverage(this.parts.testWorker, this.parts.coverage);
      // Such as by a run that was ended in the middle of a workflow task: the test server never lets go of its time.
      const keepsServer = await this.time.isFree();
      await this.nexusEndpoints.deleteAll();
      // Before the server goes: a call that is still under way would be tried again on a connection that is closed.
      await this.parts.connection.close();
      await this.parts.testWorker.release(keepsServer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.teardown();
  }

  /** Runs left open would hold up the time of later tests. */
  private async endRuns(): Promise<void> {
    const open = new Set(this.parts.runs.all().map(({ workflowId }) => workflowId));
    await Promise.all([...open].map((workflowId) => this.endRun(workflowId, 'end of the test')));
  }

  private async endRun(workflowId: string, reason: string): Promise<void> {
    try {
      const handle = this.client.workflow.getHandle(workflowId);
      await handle.terminate(reason);
      const { runId } = await handle.describe();
      const running = this.activityRunner.running.filter(
        ({ info }) => info.workflowExecution?.runId === runId,
      );
      this.heldTime.abandoned({ workflowId, runId, activityIds: null });
      this.activityRunner.abandon(
        runId,
        running.map(({ info }) => info.activityId),
      );
    } catch {
      // It has ended by itself.
    }
  }

  /** Whether runs of this type ran the service's own code. */
  private isOwnType(workflowType: string): boolean {
    const { bundle, mocked } = this.parts;
    return bundle.workflowTypes.includes(workflowType) && !mocked.byType.has(workflowType);
  }

  private replay(runs: readonly { workflowId: string; runId: string }[]): Promise<DiagnosedReport> {
    const { server, bundle, testWorker } = this.parts;
    const ids = runs.map(({ workflowId, runId }) => ({ workflowId, runId }));
    return testWorker.channel.ask('replay', { server, bundle, runs: ids });
  }

  private async startWorkers(): Promise<void> {
    const { options, mocked } = this.parts;
    const types = [...mocked.byType.keys()];
    const mockedTypes = types.length > 0 ? [...types, HELD_WORKFLOW] : [];
    const queues = [this.taskQueue, ...(options.taskQueues ?? []), ...mocked.taskQueues];
    for (const taskQueue of new Set(queues)) await this.startWorker(taskQueue, mockedTypes);
  }

  private async startWorker(taskQueue: string, mockedWorkflows: readonly string[]): Promise<void> {
    const { server, bundle, testWorker } = this.parts;
    const request: WorkerRequest = {
      ...{ server, taskQueue, bundle, mockedWorkflows },
      evictAfterEachTask: this.evicts,
    };
    await testWorker.channel.ask('startWorker', request);
    this.queues.add(taskQueue);
  }

  /** A worker for each endpoint: two of them may have services of the same name. */
  private async startNexusWorkers(): Promise<void> {
    const { nexus, server, bundle, testWorker } = this.parts;
    for (const endpoint of new Set(nexus.map((mocked) => mocked.endpoint))) {
      const services = nexus.filter((mocked) => mocked.endpoint === endpoint).map(({ service }) => service);
      const taskQueue = `nexus-${randomUUID()}`;
      const { dataConverter } = bundle;
      const request = { server, endpoint, taskQueue, services, dataConverter };
      await testWorker.channel.ask('startNexusWorker', request);
      await this.nexusEndpoints.create(endpoint, taskQueue);
    }
  }

  private startOptions<W extends Workflow>(
    options: TestStartOptions<W> | undefined,
  ): WorkflowStartOptions<W> {
    const id = { taskQueue: this.taskQueue, workflowId: `test-${randomUUID()}` };
    return { ...id, ...options } as WorkflowStartOptions<W>;
  }
}

type ClientOf = (
  wait: <T>(workflowId: string, runId: string | undefined, wait: () => Promise<T>) => Promise<T>,
) => Client;

const isCompatible = ({ results }: DiagnosedReport): boolean =>
  results.every(({ verdict }) => verdict === 'compatible' || verdict === 'drifted');

function projectOf(options: TestEnvironmentOptions): ProjectOptions {
  const { name, workflowsPath, bundle, workflowInterceptors, payloadConverter, failureConverter } = options;
  const { dataConverter, namespace, bundlerOptions } = options;
  const project = { name, workflowsPath, bundle, workflowInterceptors, payloadConverter, failureConverter };
  if (bundlerOptions?.webpackConfigHook)
    throw new TemporalReplayError(
      'CONFIG_INVALID',
      'A webpackConfigHook cannot be given to a test environment.',
      {
        hint: 'The code is bundled in a process of its own: put the hook into replay.config.ts, and leave out workflowsPath.',
      },
    );
  const given = Object.entries({ ...project, dataConverter, namespace, bundlerOptions });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import type { Bundle, MetricUpdate, OpenedServer, ServerRequest, WorkflowLog } from '../worker/protocol';
import { ActivityRunner } from '../activities/activity-runner';
import { captureCallerStack } from '../connection/capture-caller-stack';
import { connectTestClient, createTestClient } from '../connection/client';
import { loadConverters } from '../connection/data-converter';
import { TestEnvironment } from './environment';
import {
  DEFAULT_RESULT_TIMEOUT,
  DEFAULT_STALL_TIMEOUT,
  projectOf,
  type TestEnvironmentOptions,
} from './environment-options';
import { SdkWorkers } from './sdk-workers';
import { HeldTime } from '../time/held-time';
import { mockedWorkflowsOf } from '../mocks/mock-child-workflows';
import { mockedNexusServicesOf } from '../mocks/mock-nexus-operations';
import { MockedRuns } from '../mocks/mocked-runs';
import { NexusEndpoints } from '../connection/nexus-endpoints';
import { NexusRunner } from '../activities/nexus-runner';
import { openEnvironments } from './open-environments';
import { RequestedOptions } from '../mocks/requested-options';
import { RunEndings } from '../runs/run-endings';
import { RunRegistry } from '../runs/run-registry';
import { RunReplay } from '../runs/run-replay';
import { type RunnerCoverage, runnerCoverage } from '../coverage/runner-coverage';
import { registerSearchAttributes } from '../connection/search-attributes';
import { acquireTestWorker, type TestWorker, type TestWorkerHandlers } from '../connection/test-worker';
import { timeOf } from '../time/time';
import { WaitGuard } from '../waits/wait-guard';

/**
 * A real Temporal server and a worker with the service's workflow code, for tests. Time is skipped while a result is
 * awaited. `await env.teardown()` at the end, or `await using env = …`.
 *
 * @throws BUNDLE_FAILED, CONFIG_INVALID, SERVER_NOT_FOUND, SERVER_FAILED, TEST_WORKER_FAILED
 */
export async function createTestEnvironment(options: TestEnvironmentOptions = {}): Promise<TestEnvironment> {
  const seen: Seen = { runs: new RunRegistry(), requested: new RequestedOptions(), logs: [], metrics: [] };
  const doing: Partial<Doing> = {};
  const withCaller = captureCallerStack();
  const testWorker = await acquireTestWorker(handlersOf(seen, doing));
  let backend: Backend | null = null;
  try {
    backend = await openBackend(testWorker, options);
    const { environment, workers } = environmentOf(options, { ...backend, testWorker, seen, doing });
    await workers.start();
    openEnvironments().add(environment);
    return environment;
  } catch (err) {
    await backend?.endpoints.deleteAll();
    await backend?.connection.close();
    await testWorker.release(true);
    throw withCaller(err);
  }
}

/** What the test worker tells, kept for whoever asks. */
interface Seen {
  runs: RunRegistry;
  requested: RequestedOptions;
  logs: WorkflowLog[];
  metrics: MetricUpdate[];
}

/** Who does what the test worker asks for; there before the first worker is started. */
interface Doing {
  activities: ActivityRunner;
  operations: NexusRunner;
  mockedRuns: MockedRuns;
  heldTime: HeldTime;
}

function handlersOf({ runs, requested, logs }: Seen, doing: Partial<Doing>): TestWorkerHandlers {
  const touching = async <T>(run: () => Promise<T>): Promise<T> => {
    runs.touch();
    return run().finally(() => runs.touch());
  };
  return {
    requests: {
      runActivity: (task) => touching(() => doing.activities!.run(task)),
      runNexusOperation: (task) => touching(() => doing.operations!.run(task)),
      startChild: async (start) => doing.mockedRuns?.startChild(start),
    },
    notifications: {
      scheduled: (activity) => requested.add(activity),
      unfinishedActivities(activities) {
        doing.activities?.abandon(activities.runId, activities.activityIds);
        doing.heldTime?.abandoned(activities);
      },
      cancelActivity: (notice) => doing.activities?.cancel(notice),
      activated: (run) => runs.activated(run),
      taskFailed: (task) => runs.failed(task),
      log: (log) => void logs.push(log),
    },
    closed: () => undefined,
  };
}

/** The server and the code, as the test worker has them. */
interface Backend {
  server: ServerRequest;
  opened: OpenedServer;
  bundle: Bundle;
  converter: LoadedDataConverter;
  connection: Connection;
  endpoints: NexusEndpoints;
  coverage: RunnerCoverage | null;
}

async function openBackend(testWorker: TestWorker, options: TestEnvironmentOptions): Promise<Backend> {
  const { local, searchAttributes = {}, cwd = process.cwd() } = options;
  const server: ServerRequest = { kind: local ? 'local' : 'time-skipping', searchAttributes };
  const coverage = runnerCoverage();
  const [bundle, opened] = await Promise.all([
    testWorker.bundle({ project: projectOf(options), cwd, coverage: coverage !== null }),
    testWorker.channel.request('openServer', server),
  ]);
  const converter = await loadConverters(bundle);
  const connection = await connectTestClient({
    ...{ server: opened, skipsTime: !local },
    isGone: () => testWorker.channel.failure !== null,
  });
  if (!local) await registerSearchAttributes(connection, opened.namespace, searchAttributes);
  const endpoints = new NexusEndpoints(connection, opened.namespace);
  return { server, opened, bundle, converter, connection, endpoints, coverage };
}

interface Given extends Backend {
  testWorker: TestWorker;
  seen: Seen;
  doing: Partial<Doing>;
}

/** Joins the parts; `doing` gets those that the test worker asks for. */
function environmentOf(
  options: TestEnvironmentOptions,
  { server, opened, bundle, converter, connection, endpoints, coverage, testWorker, seen, doing }: Given,
): { environment: TestEnvironment; workers: SdkWorkers } {
  const { autoReplay = true, keepRuns = false, evictAfterEachTask = false } = options;
  const { cwd = process.cwd() } = options;
  const { taskQueue = `test-${randomUUID()}`, taskQueues = [] } = options;
  const { runs, requested, logs, metrics } = seen;
  const mocked = mockedWorkflowsOf(options.childWorkflows);
  const nexus = mockedNexusServicesOf(options.nexus ?? []);
  const time = timeOf(connection);
  const client = createTestClient(
    connection,
    { server: opened, converter },
    {
      watch: (awaited, wait) => watch.wait(awaited, wait),
      started: (run) => runs.started({ ...run, parentWorkflowId: null }),
    },
  );
  const mockedRuns = new MockedRuns({ mocked, converter, client, taskQueue });
  const activities = new ActivityRunner({
    activities: () => options.activities ?? {},
    internal: { ...mockedRuns.activities },
    ...{ requested, converter, client, cwd },
    log: (log) => void logs.push(log),
    metric: (update) => void metrics.push(update),
    heartbeat: (task, details) => testWorker.channel.notify('heartbeat', { task, details }),
  });
  const operations = new NexusRunner({
    services: nexus,
    converter,
    letTimePass: (ms) => time.sleepWithin(ms),
  });
  const heldTime = new HeldTime({ client, time, activities });
  const replay = new RunReplay({ testWorker, server, bundle, cwd });
  const endings = new RunEndings({ client, runs, activities, time, heldTime });
  const workers = new SdkWorkers({
    ...{ testWorker, server, bundle, mocked, nexus, endpoints, evictAfterEachTask },
    taskQueues: [taskQueue, ...taskQueues],
  });
  const watch = new WaitGuard({
    ...{ connection, client, runs, activities, operations, time, cwd },
    taskQueues: () => workers.taskQueues,
    workflowTypes: bundle.workflowTypes,
    stallTimeoutMs: msToNumber(options.stallTimeout ?? DEFAULT_STALL_TIMEOUT),
    timeoutMs: msToNumber(options.resultTimeout ?? DEFAULT_RESULT_TIMEOUT),
    async settled() {
      await testWorker.channel.request('settle', {}).catch(() => undefined);
      await heldTime.freed();
    },
    diagnose: (task) => replay.diagnosis([task]),
    gone: () => testWorker.channel.failure,
  });
  Object.assign(doing, { activities, operations, mockedRuns, heldTime } satisfies Doing);
  const environment = new TestEnvironment(
    {
      ...{ client, connection, converter, bundle, testWorker, workers, endpoints, activities, operations },
      ...{ mocked, runs, replay, watch, endings, time, heldTime, logs, metrics, coverage },
    },
    { taskQueue, cwd, autoReplay, keepRuns },
  );
  return { environment, workers };
}

import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import { activitiesNotRegistered, classNameOf } from '../activities/activity-functions';
import { ActivityRunner } from '../activities/activity-runner';
import { captureCallerStack } from '../connection/capture-caller-stack';
import { createTestClient } from '../connection/client';
import { connectToServer } from '../connection/connect-to-server';
import { loadConverters } from '../connection/data-converter';
import { registerSearchAttributes } from '../connection/search-attributes';
import { acquireTestWorker, type TestWorker } from '../connection/test-worker';
import { type RunnerCoverage, runnerCoverage } from '../coverage/runner-coverage';
import { warnOnce } from '../framework/warn';
import { RequestedOptions } from '../mocks/requested-options';
import { RunRegistry } from '../runs/run-registry';
import { RunReplay } from '../runs/run-replay';
import { RunTerminator } from '../runs/run-terminator';
import { refuseFakeClock, refuseFakeTicks } from '../time/fake-timers';
import { HeldTime } from '../time/held-time';
import { timeOf } from '../time/time-of';
import { WaitGuard } from '../waits/wait-guard';
import { WaitProblems } from '../waits/wait-problems';
import type { Bundle, MetricUpdate, OpenedServer, ServerRequest } from '../worker/protocol';
import { TestEnvironment } from './environment';
import {
  DEFAULT_RESULT_TIMEOUT,
  DEFAULT_STALL_TIMEOUT,
  projectOf,
  type TestEnvironmentOptions,
} from './environment-options';
import { EnvironmentMocks } from './environment-mocks';
import { environmentRegistry } from './environment-registry';
import { warnOfModuleMocks } from './warn-of-module-mocks';
import { SdkWorkers } from './sdk-workers';
import { type Executors, type Observations, testWorkerHandlers } from './test-worker-handlers';

/**
 * Creates a test environment: a real Temporal server, with an SDK worker that runs the service's workflow code. Time is skipped while
 * a result is awaited. Call `await env.teardown()` at the end, or declare it with `await using env = …`.
 *
 * @throws BUNDLE_FAILED, CONFIG_INVALID, SERVER_NOT_FOUND, SERVER_FAILED, TEST_WORKER_FAILED
 */
export async function createTestEnvironment(options: TestEnvironmentOptions = {}): Promise<TestEnvironment> {
  const observed: Observed = {
    ...{ runs: new RunRegistry(), requested: new RequestedOptions() },
    ...{ logs: [], metrics: [] },
  };
  const executors: Partial<Executors> = {};
  warnOfActivitiesNotRegistered(options.activities ?? {});
  const withCallerStack = captureCallerStack();
  refuseFakeClock();
  await refuseFakeTicks();
  const testWorker = await acquireTestWorker(testWorkerHandlers(observed, executors));
  let backend: Backend | null = null;
  try {
    backend = await openBackend(testWorker, options);
    const resources = { ...backend, testWorker, observed, executors };
    const { environment, sdkWorkers, mocks } = assemble(options, resources);
    await warnOfModuleMocks(testWorker, backend.bundle, options.cwd ?? process.cwd());
    await sdkWorkers.start();
    await mocks.start();
    environmentRegistry().open.add(environment);
    return environment;
  } catch (err) {
    await executors.mocks?.deleteFromServer();
    await backend?.connection.close();
    await testWorker.release(true);
    throw withCallerStack(err);
  }
}

/** A worker of the SDK would fail these activities as not registered, so a green test alone would mislead. */
function warnOfActivitiesNotRegistered(activities: object): void {
  const names = activitiesNotRegistered(activities);
  if (names.length === 0) return;
  const [first] = names;
  warnOnce(
    `A Worker of the SDK does not register methods of a class: ${names.join(', ')} of ${classNameOf(activities)}. ` +
      'They run in this test, but not in production if its Worker is given the same object. ' +
      `Give both an object of bound functions: { ${first}: instance.${first}.bind(instance) }.`,
  );
}

interface Observed extends Observations {
  metrics: MetricUpdate[];
}

/** The server and the workflow code in the test worker, and the connection to that server. */
interface Backend {
  server: ServerRequest;
  opened: OpenedServer;
  bundle: Bundle;
  converter: LoadedDataConverter;
  connection: Connection;
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
  const connection = await connectToServer(testWorker, { server: opened, skipsTime: !local });
  if (!local) await registerSearchAttributes(connection, opened.namespace, searchAttributes);
  return { server, opened, bundle, converter, connection, coverage };
}

interface Resources extends Backend {
  testWorker: TestWorker;
  observed: Observed;
  /** Filled in by {@link assemble}. */
  executors: Partial<Executors>;
}

/** Creates the parts of an environment and connects them. */
function assemble(
  options: TestEnvironmentOptions,
  { server, opened, bundle, converter, connection, coverage, testWorker, observed, executors }: Resources,
): { environment: TestEnvironment; sdkWorkers: SdkWorkers; mocks: EnvironmentMocks } {
  const { autoReplay = true, keepRuns = false, evictAfterEachTask = false } = options;
  const { cwd = process.cwd() } = options;
  const { taskQueue = `test-${randomUUID()}`, taskQueues = [] } = options;
  const { runs, requested, logs, metrics } = observed;
  const time = timeOf(connection);
  const client = createTestClient(
    connection,
    { server: opened, converter },
    {
      guard: (awaited, wait) => guard.wait(awaited, wait),
      started: (run) => runs.recordStart({ ...run, parentWorkflowId: null }),
    },
  );
  const mocks = new EnvironmentMocks(options, {
    ...{ testWorker, server, opened, bundle, converter, connection, client, taskQueue },
    letTimePass: (ms) => time.sleepWithin(ms),
    recordingActivity: (call) => runs.recordingActivity(call),
  });
  const activities = new ActivityRunner({
    activities: () => options.activities ?? {},
    internal: mocks.activities,
    ...{ requested, converter, client, cwd },
    log: (log) => void logs.push(log),
    metric: (update) => void metrics.push(update),
    heartbeat: (task, details) => testWorker.channel.notify('heartbeat', { task, details }),
  });
  const heldTime = new HeldTime({ client, time, activities });
  const replay = new RunReplay({ testWorker, server, bundle, cwd });
  const terminator = new RunTerminator({ client, runs, activities, time, heldTime });
  const sdkWorkers = new SdkWorkers({
    ...{ testWorker, server, bundle, evictAfterEachTask },
    mockedWorkflows: mocks.workflowTypes,
    taskQueues: [taskQueue, ...taskQueues, ...mocks.taskQueues],
  });
  const timeoutMs = msToNumber(options.resultTimeout ?? DEFAULT_RESULT_TIMEOUT);
  const problems = new WaitProblems({
    ...{ client, runs, activities, time, cwd, timeoutMs },
    operations: () => mocks.operations,
    taskQueues: () => sdkWorkers.taskQueues,
    workflowTypes: bundle.workflowTypes,
    stallTimeoutMs: msToNumber(options.stallTimeout ?? DEFAULT_STALL_TIMEOUT),
    diagnose: (task) => replay.diagnosis([task]),
    releaseTime: () => heldTime.releaseClosed(),
  });
  const guard = new WaitGuard({
    ...{ connection, runs, activities, time, problems, timeoutMs },
    async settled() {
      await testWorker.channel.request('settle', {}).catch(() => undefined);
      await heldTime.released();
    },
    testWorkerFailure: () => testWorker.channel.failure,
  });
  Object.assign(executors, { activities, mocks, heldTime } satisfies Executors);
  const environment = new TestEnvironment(
    {
      ...{ client, connection, converter, bundle, testWorker, sdkWorkers, activities, mocks },
      ...{ runs, replay, guard, problems, terminator, time, logs, metrics, coverage },
    },
    { taskQueue, autoReplay, keepRuns },
  );
  return { environment, sdkWorkers, mocks };
}

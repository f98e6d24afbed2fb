import { readFile } from 'node:fs/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Worker } from '@temporalio/worker';
import type { SharedCreators } from '../../replay/engine/recording';
import { withPromiseHook } from '../../sdk/promise-hook';
import { type Limit, limitedTo, withoutEntryTimeouts } from '../../sdk/sandbox-timeouts';
import { parsedBundle, type SdkWorkflowCreator, takingAnyActivity } from '../../sdk/workflow-creator';
import { payloadCodecsOf } from '../../sdk/load-data-converter';
import type { ActivityBridge } from './activity-bridge';
import { LoopDetector } from './loop-detector';
import type { ActiveRun, ChildStart, TestWorkerContract, SdkWorkerRequest } from './protocol';
import { createTestWorkerClass, onNondeterminism, type MakeCreator } from './workflow-router';

export interface SdkWorkerContext {
  environment: TestWorkflowEnvironment;
  bridge: ActivityBridge;
  tell<K extends 'activated' | 'scheduled' | 'unfinishedActivities' | 'taskFailed'>(
    name: K,
    notice: TestWorkerContract['peerNotifications'][K],
  ): void;
  beforeChild(start: ChildStart): Promise<void>;
  /** Path of the bundle of mocked workflows; asked for only where a test mocks some. */
  mockBundle(): Promise<string>;
}

/** A worker that polls. */
export interface RunningSdkWorker {
  /** Forgets all workflows: each goes on from its history. */
  restart(): void;
  stop(): Promise<void>;
}

/** Longest run of workflow code between two awaits: an endless loop fails its workflow task. */
const LONGEST_RUN_MS = 3_000;
/**
 * One task at a time: without a cache, core (SDK 1.24) forgets a task that waits for a local activity when another one
 * comes, until the server lets it time out. `test/testing/mocks/mock-child-workflows.test.ts` holds it.
 */
const WITHOUT_CACHE = { maxCachedWorkflows: 0, maxConcurrentWorkflowTaskExecutions: 1 };
export const FORCED_STOP_AFTER = '2s';
const HEARTBEAT_INTERVAL = '50ms';

const endedRuns = new Set<string>();
let loops: LoopDetector | null = null;
const limit = (): Limit => ({ limitMs: LONGEST_RUN_MS, places: (loops ??= LoopDetector.start()) });

const creators = new Map<string, Promise<SdkWorkflowCreator>>();

/** The creator of a bundle, made once in this process, whoever uses it. */
function creatorOf(path: string, make: () => Promise<SdkWorkflowCreator>): Promise<SdkWorkflowCreator> {
  const known = creators.get(path);
  if (known) return known;
  const made = make().then((creator) => withoutEntryTimeouts(takingAnyActivity(creator)));
  creators.set(path, made);
  made.catch(() => creators.delete(path));
  return made;
}

/** For replays: where a workflow waits is asked of live ones only. */
export const replayCreatorOf: SharedCreators = async (path, make) =>
  limitedTo(limit(), await creatorOf(path, make));

const liveCreatorOf: SharedCreators = async (path, make) =>
  limitedTo({ ...limit(), endedRuns }, withPromiseHook(await creatorOf(path, make)));

/** @throws whatever the SDK refuses a worker for */
export async function startSdkWorker(
  request: SdkWorkerRequest,
  context: SdkWorkerContext,
): Promise<RunningSdkWorker> {
  const { bundle, taskQueue, mockedWorkflows, evictAfterEachTask } = request;
  const { environment, bridge, tell } = context;
  const runs = new Map<string, ActiveRun>();
  let cached = new Set<object>();
  const stale = new WeakSet<object>();
  const mockBundle = mockedWorkflows.length > 0 ? await context.mockBundle() : null;
  const TestWorker = createTestWorkerClass({
    mockedWorkflows: new Set(mockedWorkflows),
    own: (make) => liveCreatorOf(bundle.path, () => make()),
    mocks: (make) => liveCreatorOf(mockBundle!, () => makeFrom(mockBundle!, make)),
    isStale: (workflow) => stale.has(workflow),
    onCreated: (workflow) => void cached.add(workflow),
    onActivated(run, step) {
      runs.set(run.runId, run);
      tell('activated', { ...run, ...step });
    },
    onScheduled: (activity) => tell('scheduled', activity),
    onUnfinishedActivities: (activities) => tell('unfinishedActivities', activities),
    beforeChild: (start) => context.beforeChild(start),
    onFailure: (run, { type, message, stack }) => tell('taskFailed', { ...run, type, message, stack }),
  });
  const worker = await TestWorker.create({
    connection: environment.nativeConnection,
    namespace: environment.namespace ?? 'default',
    taskQueue,
    workflowBundle: { codePath: bundle.path },
    activities: bridge.activities,
    dataConverter: {
      payloadConverterPath: require.resolve('./raw-payloads'),
      failureConverterPath: require.resolve('./raw-payloads'),
      payloadCodecs: await payloadCodecsOf(bundle.dataConverter),
    },
    // Workflows run in this very thread: it has nothing else to do, and a thread of their own takes 0.4 s to start.
    debugMode: true,
    // In real time, which a test has little of: a heartbeat and the cancellation that it brings must not wait for it.
    maxHeartbeatThrottleInterval: HEARTBEAT_INTERVAL,
    defaultHeartbeatThrottleInterval: HEARTBEAT_INTERVAL,
    shutdownGraceTime: 0,
    shutdownForceTime: FORCED_STOP_AFTER,
    ...(evictAfterEachTask && WITHOUT_CACHE),
  });
  onNondeterminism(worker, (runId, message) => {
    const run = runs.get(runId);
    if (run) tell('taskFailed', { ...run, type: 'NondeterminismError', message, stack: '' });
  });
  const ended = worker.run().catch(() => undefined);
  return {
    restart() {
      for (const workflow of cached) stale.add(workflow);
      cached = new Set();
    },
    stop: () => stopped(worker, ended),
  };
}

export async function stopped(worker: Worker, ended: Promise<void>): Promise<void> {
  if (worker.getState() === 'RUNNING') worker.shutdown();
  await ended;
}

async function makeFrom(path: string, make: MakeCreator): Promise<SdkWorkflowCreator> {
  const code = await readFile(path, 'utf8');
  return make(parsedBundle(code, path));
}

import { readFile } from 'node:fs/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Worker } from '@temporalio/worker';
import type { V8Contexts } from '../../model/v8-contexts';
import type { SharedCreators } from '../../replay/engine/core/recording';
import { runDefaultActivity } from '../../sdk/default-activity';
import { onNondeterminism } from '../../sdk/evictions';
import { withPromiseHook } from '../../sdk/promise-hook';
import { type Limit, limitedTo, withoutEntryTimeouts } from '../../sdk/sandbox-timeouts';
import type { MakeCreator } from '../../sdk/worker-class';
import {
  failureOfError,
  fallingBack,
  parsedBundle,
  type SdkWorkflowCreator,
  takingAnyActivity,
} from '../../sdk/workflow-creator';
import { configuredWorker } from '../../worker-options/configured-worker';
import { replaySettingsOf } from '../../worker-options/replay-settings';
import type { ActivityBridge } from './activity-bridge';
import { LoopDetector } from './loop-detector';
import type { ActiveRun, Bundle, ChildStart, TestWorkerContract, SdkWorkerRequest } from './protocol';
import { createRoutingWorkerClass } from './workflow-router';

type CodeBundle = Pick<Bundle, 'path' | 'contexts'>;

export interface SdkWorkerContext {
  environment: TestWorkflowEnvironment;
  bridge: ActivityBridge;
  notify<K extends 'activated' | 'scheduled' | 'unfinishedWork' | 'taskFailed' | 'log'>(
    name: K,
    params: TestWorkerContract['peerNotifications'][K],
  ): void;
  beforeChild(start: ChildStart): Promise<void>;
  /** Builds the bundle of mocked workflows. Called only if the test mocks workflows. */
  mockBundle(): Promise<CodeBundle>;
}

/** An SDK worker that polls its task queue. */
export interface RunningSdkWorker {
  /** Drops all cached workflows, so that each is replayed from its history at its next task. */
  restart(): void;
  stop(): Promise<void>;
}

/** Longest time that workflow code may run between two awaits: an endless loop then fails its workflow task. */
const LONGEST_RUN_MS = 3_000;
/**
 * Settings for a worker that caches no workflow. It runs one task at a time, because without a cache core (SDK 1.24) drops a
 * task that waits for a local activity when another task arrives, and the server retries the dropped one only after its
 * timeout. `test/testing/mocks/mock-child-workflows.test.ts` holds it.
 */
const WITHOUT_CACHE = { maxCachedWorkflows: 0, maxConcurrentWorkflowTaskExecutions: 1 };
export const FORCED_STOP_AFTER = '2s';
const HEARTBEAT_INTERVAL = '50ms';

const endedRuns = new Set<string>();
let loops: LoopDetector | null = null;
const limit = (): Limit => ({ limitMs: LONGEST_RUN_MS, places: (loops ??= LoopDetector.start()) });

const creators = new Map<string, Promise<SdkWorkflowCreator>>();

/** Returns the creator of a bundle, which is made once in this process for each kind of contexts. */
const creatorOf: SharedCreators = ({ path, contexts }, make) => {
  const key = `${contexts} ${path}`;
  const known = creators.get(key);
  if (known) return known;
  const made = make().then((creator) => withoutEntryTimeouts(takingAnyActivity(creator)));
  creators.set(key, made);
  made.catch(() => creators.delete(key));
  return made;
};

/** Returns the creator for replays: it needs no promise hook, because only live workflows are asked where they wait. */
export const replayCreatorOf: SharedCreators = async (bundle, make) =>
  limitedTo(limit(), await creatorOf(bundle, make));

/** Returns the creator of a bundle's live workflows. `warn` gets a text if the code cannot be loaded in a reused context. */
async function liveCreatorOf(
  { path, contexts: { kind, because } }: CodeBundle,
  make: MakeCreator,
  warn: (message: string) => void,
): Promise<SdkWorkflowCreator> {
  const inContexts = (contexts: V8Contexts['kind']): Promise<SdkWorkflowCreator> =>
    creatorOf({ path, contexts }, () => make({ contexts }));
  const creator = await inContexts(kind);
  const isolating =
    kind === 'reused' && because === 'default'
      ? fallingBack(
          creator,
          () => inContexts('own'),
          (err) => warn(needsOwnContexts(err)),
        )
      : creator;
  return limitedTo({ ...limit(), endedRuns }, withPromiseHook(isolating));
}

const needsOwnContexts = (err: unknown): string =>
  'The workflow code cannot be loaded in a V8 context that workflows reuse, so each workflow of this test runs in a ' +
  'context of its own. If the worker has `reuseV8Context: false`, set that option here too; if it does not, its ' +
  `workflows fail with ${failureOfError(err).type}: ${failureOfError(err).message}`;

/** Starts an SDK worker with the code of a bundle. @throws the SDK's error for invalid options */
export async function startSdkWorker(
  request: SdkWorkerRequest,
  context: SdkWorkerContext,
): Promise<RunningSdkWorker> {
  const { bundle, taskQueue, mockedWorkflows, evictAfterEachTask } = request;
  const { environment, bridge, notify } = context;
  const runs = new Map<string, ActiveRun>();
  let cached = new Set<object>();
  const stale = new WeakSet<object>();
  const warn = (message: string): void =>
    notify('log', { level: 'WARN', message, meta: { taskQueue }, timestampMs: Date.now() });
  const { dataConverter, ...settings } = replaySettingsOf(await configuredWorker(bundle.worker));
  const mockBundle = mockedWorkflows.length > 0 ? await context.mockBundle() : null;
  const RoutingWorker = createRoutingWorkerClass({
    mockedWorkflows: new Set(mockedWorkflows),
    own: (make) => liveCreatorOf(bundle, make, warn),
    mocks: (make) =>
      liveCreatorOf(
        mockBundle!,
        async (changes) => make({ ...changes, bundle: await parsedFile(mockBundle!.path) }),
        warn,
      ),
    isStale: (workflow) => stale.has(workflow),
    onCreated: (workflow) => void cached.add(workflow),
    onActivated(run, step) {
      runs.set(run.runId, run);
      notify('activated', { ...run, ...step });
    },
    onScheduled: (activity) => notify('scheduled', activity),
    onUnfinishedWork: (work) => notify('unfinishedWork', work),
    beforeChild: (start) => context.beforeChild(start),
    onFailure: (run, { type, message, stack }) => notify('taskFailed', { ...run, type, message, stack }),
  });
  const worker = await RoutingWorker.create({
    connection: environment.nativeConnection,
    namespace: environment.namespace ?? 'default',
    taskQueue,
    ...settings,
    workflowBundle: { codePath: bundle.path },
    activities: bridge.activities,
    dataConverter: {
      payloadConverterPath: require.resolve('./raw-payloads'),
      failureConverterPath: require.resolve('./raw-payloads'),
      ...dataConverter,
    },
    // Runs workflows in this thread, which has little else to do; a thread of their own takes 0.4 s to start.
    debugMode: true,
    // Throttling is in real time: a heartbeat, and the cancellation that answers it, must not wait for it.
    maxHeartbeatThrottleInterval: HEARTBEAT_INTERVAL,
    defaultHeartbeatThrottleInterval: HEARTBEAT_INTERVAL,
    shutdownGraceTime: 0,
    shutdownForceTime: FORCED_STOP_AFTER,
    ...(evictAfterEachTask && WITHOUT_CACHE),
  });
  runDefaultActivity(worker);
  onNondeterminism(worker, (runId, message) => {
    const run = runs.get(runId);
    if (run) notify('taskFailed', { ...run, type: 'NondeterminismError', message, stack: '' });
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

const parsedFile = async (path: string): Promise<object> => parsedBundle(await readFile(path, 'utf8'), path);

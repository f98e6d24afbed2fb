import type { Socket } from 'node:net';
import { ActivityBridge } from './activity-bridge';
import { RpcChannel } from '../rpc/rpc-channel';
import type { PeerOf, RpcHandlers } from '../rpc/rpc-contract';
import { addressOf } from '../../sdk/server-address';
import { buildMockedWorkflowBundle } from './mocked-workflow-bundle';
import { buildBundle } from './build-bundle';
import { mocksOfInputs } from './module-mocks';
import { startNexusWorker } from './start-nexus-worker';
import type { SdkWorkerRequest, ServerRequest, TestWorkerContract } from './protocol';
import type { MetricsCollector } from './metrics';
import { configuredBundles, replayFiles } from './replay-files';
import { replayHistories, replayRuns } from './replay-runs';
import { ServerCalls } from './server-calls';
import type { TemporalServers } from './temporal-servers';
import { type RunningSdkWorker, startSdkWorker } from './start-sdk-worker';
import { countCoverageOf, takeCoverage } from './workflow-coverage';

/** Parts that all connections of a test worker share. */
export interface SharedByConnections {
  servers: TemporalServers;
  metrics: MetricsCollector;
}

/** The test worker's side of the connection to one test file: handles its requests and owns the SDK workers that it starts. */
export class TestFileConnection {
  readonly channel: RpcChannel<PeerOf<TestWorkerContract>>;
  private readonly bridge = new ActivityBridge(() => this.channel);
  private readonly calls = new ServerCalls();
  private readonly workers = new Map<string, RunningSdkWorker>();
  private readonly bundlePaths = new Set<string>();
  private readonly opened = new Map<string, ServerRequest>();

  constructor(
    socket: Socket,
    private readonly shared: SharedByConnections,
    closed: () => void,
  ) {
    this.channel = new RpcChannel<PeerOf<TestWorkerContract>>(socket, {
      requests: this.requestHandlers(),
      notifications: {
        heartbeat: (notice) => this.bridge.heartbeat(notice),
        abortServerCall: ({ id }) => this.calls.abort(id),
      },
      closed: () => void this.abandon().finally(closed),
    });
  }

  hasWorkerOn(taskQueue: string): boolean {
    return this.workers.has(taskQueue);
  }

  private requestHandlers(): RpcHandlers<PeerOf<TestWorkerContract>>['requests'] {
    return {
      openServer: async (request) => {
        const environment = await this.shared.servers.open(request);
        this.opened.set(JSON.stringify(request), request);
        return { address: addressOf(environment), namespace: environment.namespace ?? 'default' };
      },
      callServer: (request) => this.calls.call(request),
      bundle: buildBundle,
      mocksOfInputs: ({ testFile, inputs }) => mocksOfInputs(testFile, inputs),
      startSdkWorker: (request) => this.startSdkWorker(request),
      startNexusWorker: async (request) => {
        const environment = await this.shared.servers.open(request.server);
        const worker = await startNexusWorker(request, environment, (task) =>
          this.channel.request('runNexusOperation', task),
        );
        this.workers.set(request.taskQueue, worker);
      },
      stopSdkWorker: async ({ taskQueue }) => {
        const worker = this.workers.get(taskQueue);
        this.workers.delete(taskQueue);
        await worker?.stop();
      },
      restartSdkWorker: ({ taskQueue }) => Promise.resolve(this.workers.get(taskQueue)?.restart()),
      replay: async ({ server, runs, bundle }) =>
        replayRuns(runs, bundle, await this.shared.servers.open(server)),
      replayHistories: ({ histories, bundle }) => replayHistories(histories, bundle),
      replayFiles,
      configuredBundles,
      coverage: () => takeCoverage([...this.bundlePaths]),
      metrics: () => Promise.resolve(this.shared.metrics.take()),
      settle: () => Promise.resolve(),
      release: async () => {
        await this.stopWorkers();
        await this.calls.close();
        this.opened.clear();
      },
    };
  }

  private async startSdkWorker(request: SdkWorkerRequest): Promise<void> {
    this.bundlePaths.add(request.bundle.path);
    countCoverageOf(request.bundle.path);
    const worker = await startSdkWorker(request, {
      environment: await this.shared.servers.open(request.server),
      bridge: this.bridge,
      notify: (name, params) => this.channel.notify(name, params),
      beforeChild: (start) => this.channel.request('startChild', start),
      mockBundle: () => buildMockedWorkflowBundle(request.bundle),
    });
    this.workers.set(request.taskQueue, worker);
  }

  private async stopWorkers(): Promise<void> {
    const workers = [...this.workers.values()];
    this.workers.clear();
    await Promise.all(workers.map((worker) => worker.stop()));
    // Drops the metrics of this test file.
    this.shared.metrics.take();
  }

  /** Stops what the test file has left running. Its servers are discarded, because their state is unknown. */
  private async abandon(): Promise<void> {
    await this.calls.close();
    await this.stopWorkers();
    for (const request of this.opened.values()) await this.shared.servers.discard(request);
  }
}

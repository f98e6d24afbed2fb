import { createServer, type Server, type Socket } from 'node:net';
import { sweepTemporaryDirectories } from '../../util/temporary-directory';
import { listenOnSocket, newSocketPath, removeSocket } from '../rpc/local-socket';
import { RpcChannel } from '../rpc/rpc-channel';
import type { PeerOf } from '../rpc/rpc-contract';
import type { Bundle, BundleRequest, TestWorkerContract } from '../worker/protocol';
import { TestWorkerProcess } from '../worker/test-worker-process';
import type { TestSessionContract } from './test-session-protocol';

/**
 * The server, in the main process of a test runner, that lends test workers to the test files of one run and builds each
 * bundle once. A test worker serves one test file at a time.
 */
export class TestSessionServer {
  readonly socketPath = newSocketPath();
  private readonly idle: TestWorkerProcess[] = [];
  private readonly testWorkers = new Set<TestWorkerProcess>();
  private readonly bundles = new Map<string, Promise<Bundle>>();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((socket) => this.serve(socket));
    // The server must not keep the test runner's process alive.
    this.server.unref();
  }

  /** Starts the server. Test workers are started when a test file asks for one. */
  static async start(): Promise<TestSessionServer> {
    void sweepTemporaryDirectories();
    const session = new TestSessionServer();
    await new Promise<void>((done, fail) =>
      listenOnSocket(session.server.once('error', fail), session.socketPath, done),
    );
    return session;
  }

  /** Stops the server, and all test workers with their Temporal servers. */
  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await Promise.allSettled([...this.testWorkers].map((testWorker) => testWorker.stop()));
    removeSocket(this.socketPath);
  }

  private serve(socket: Socket): void {
    socket.unref();
    this.sockets.add(socket);
    let reserved: TestWorkerProcess | null = null;
    new RpcChannel<PeerOf<TestSessionContract>>(socket, {
      requests: {
        acquire: async () => {
          reserved ??= await this.acquire();
          return { socketPath: reserved.socketPath };
        },
        bundle: async (request) => this.bundle(request, (reserved ??= await this.acquire())),
      },
      notifications: {},
      closed: () => {
        this.sockets.delete(socket);
        if (reserved?.isRunning) this.idle.push(reserved);
      },
    });
  }

  private async acquire(): Promise<TestWorkerProcess> {
    for (let testWorker = this.idle.pop(); testWorker !== undefined; testWorker = this.idle.pop())
      if (testWorker.isRunning) return testWorker;
    const started = await TestWorkerProcess.start();
    this.testWorkers.add(started);
    return started;
  }

  private bundle(request: BundleRequest, testWorker: TestWorkerProcess): Promise<Bundle> {
    const key = JSON.stringify(request);
    const known = this.bundles.get(key);
    if (known) return known;
    const built = buildIn(testWorker, request);
    this.bundles.set(key, built);
    built.catch(() => this.bundles.delete(key));
    return built;
  }
}

async function buildIn(testWorker: TestWorkerProcess, request: BundleRequest): Promise<Bundle> {
  const channel = new RpcChannel<TestWorkerContract>(await testWorker.connect(), {
    requests: { runActivity: () => Promise.reject(new Error('This connection starts no SDK worker.')) },
    notifications: {},
    closed: () => undefined,
  } as never);
  try {
    return await channel.request('bundle', request);
  } finally {
    channel.close();
  }
}

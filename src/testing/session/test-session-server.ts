import { createServer, type Server, type Socket } from 'node:net';
import { RpcChannel, newSocketPath } from '../rpc/rpc-channel';
import { TestWorkerProcess } from '../worker/test-worker-process';
import type { Bundle, BundleRequest, FromTest } from '../worker/protocol';
import type { FromSession } from './test-session-protocol';

/** What test files share in one run of a test runner: test workers, each used by one file at a time, and bundles. */
export interface TestSession {
  /** For {@link SESSION_VARIABLE}. */
  socketPath: string;
  /** Stops all test workers and their servers. */
  close(): Promise<void>;
}

/** Starts a session in this process. Nothing else is started before a test file asks for it. */
export async function startTestSession(): Promise<TestSession> {
  const session = new Session();
  const socketPath = newSocketPath();
  await session.listen(socketPath);
  return { socketPath, close: () => session.close() };
}

class Session {
  private readonly idle: TestWorkerProcess[] = [];
  private readonly hosts = new Set<TestWorkerProcess>();
  private readonly bundles = new Map<string, Promise<Bundle>>();
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;

  listen(socketPath: string): Promise<void> {
    const server = createServer((socket) => this.serve(socket));
    // The test runner ends when its tests have ended.
    server.unref();
    this.server = server;
    return new Promise((done, fail) => server.once('error', fail).listen(socketPath, done));
  }

  async close(): Promise<void> {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    await Promise.allSettled([...this.hosts].map((host) => host.stop()));
  }

  private serve(socket: Socket): void {
    socket.unref();
    this.sockets.add(socket);
    let leased: TestWorkerProcess | null = null;
    new RpcChannel<FromSession>(socket, {
      answer: {
        acquire: async () => {
          leased ??= await this.acquire();
          return { socketPath: leased.socketPath };
        },
        bundle: async (request) => this.bundle(request, (leased ??= await this.acquire())),
      },
      hear: {},
      closed: () => {
        this.sockets.delete(socket);
        if (leased?.isRunning) this.idle.push(leased);
      },
    });
  }

  private async acquire(): Promise<TestWorkerProcess> {
    for (let host = this.idle.pop(); host !== undefined; host = this.idle.pop())
      if (host.isRunning) return host;
    const started = await TestWorkerProcess.start();
    this.hosts.add(started);
    return started;
  }

  private bundle(request: BundleRequest, host: TestWorkerProcess): Promise<Bundle> {
    const key = JSON.stringify(request);
    const known = this.bundles.get(key);
    if (known) return known;
    const built = buildIn(host, request);
    this.bundles.set(key, built);
    built.catch(() => this.bundles.delete(key));
    return built;
  }
}

async function buildIn(host: TestWorkerProcess, request: BundleRequest): Promise<Bundle> {
  const socket = await host.connect();
  const channel = new RpcChannel<FromTest>(socket, {
    answer: { runActivity: () => Promise.reject(new Error('no worker was started here')) },
    hear: {},
    closed: () => undefined,
  } as never);
  try {
    return await channel.ask('bundle', request);
  } finally {
    channel.close();
  }
}

import { connect, type Socket } from 'node:net';
import { TemporalReplayError } from '../../errors';
import { SESSION_VARIABLE, type FromTestFile } from '../session/test-session-protocol';
import { RpcChannel, type RpcHandlers } from '../rpc/rpc-channel';
import { TestWorkerProcess } from '../worker/test-worker-process';
import type { Bundle, BundleRequest, FromTest } from '../worker/protocol';

/** How a test answers its test worker, and hears from it. */
export type TestWorkerHandlers = RpcHandlers<FromTest>;

/** A test's connection to a test worker: one that the test run shares, or one of its own. */
export interface TestWorker {
  channel: RpcChannel<FromTest>;
  /** @throws BUNDLE_FAILED */
  bundle(request: BundleRequest): Promise<Bundle>;
  /** Gives it back; what was started with it is stopped, its servers too unless they are kept for the next test file. */
  release(keepsServers: boolean): Promise<void>;
}

/** @throws TEST_WORKER_FAILED where none comes up */
export async function acquireTestWorker(handlers: TestWorkerHandlers): Promise<TestWorker> {
  const sessionPath = process.env[SESSION_VARIABLE];
  return sessionPath === undefined ? ownTestWorker(handlers) : sharedTestWorker(sessionPath, handlers);
}

async function ownTestWorker(handlers: TestWorkerHandlers): Promise<TestWorker> {
  const host = await TestWorkerProcess.start();
  const channel = new RpcChannel<FromTest>(await host.connect(), handlers);
  return {
    channel,
    bundle: (request) => channel.ask('bundle', request),
    async release() {
      await channel.ask('release', {}).catch(() => undefined);
      channel.close();
      await host.stop();
    },
  };
}

async function sharedTestWorker(sessionPath: string, handlers: TestWorkerHandlers): Promise<TestWorker> {
  const session = new RpcChannel<FromTestFile>(await connected(sessionPath), {
    answer: {},
    hear: {},
    closed: () => undefined,
  });
  const { socketPath } = await session.ask('acquire', {});
  const channel = new RpcChannel<FromTest>(await connected(socketPath), handlers);
  return {
    channel,
    bundle: (request) => session.ask('bundle', request),
    async release(keepsServers) {
      // Servers that were not released are discarded.
      if (keepsServers) await channel.ask('release', {}).catch(() => undefined);
      channel.close();
      session.close();
    },
  };
}

function connected(path: string): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect(path, () => done(socket));
    socket.once('error', (err) =>
      fail(
        new TemporalReplayError('TEST_WORKER_GONE', `The test session does not answer: ${err.message}`, {
          cause: err,
          hint: `${SESSION_VARIABLE} names the session of a test run; it must not outlive it.`,
        }),
      ),
    );
  });
}

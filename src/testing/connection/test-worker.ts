import { connect, type Socket } from 'node:net';
import { TemporalReplayError } from '../../errors';
import { SESSION_VARIABLE, type TestSessionContract } from '../session/test-session-protocol';
import { RpcChannel } from '../rpc/rpc-channel';
import type { RpcHandlers } from '../rpc/rpc-contract';
import { TestWorkerProcess } from '../worker/test-worker-process';
import type { Bundle, BundleRequest, TestWorkerContract } from '../worker/protocol';

/** A test's handlers for the messages of its test worker. */
export type TestWorkerHandlers = RpcHandlers<TestWorkerContract>;

/** A test file's connection to a test worker, which the test run shares or the test file has started. */
export interface TestWorker {
  channel: RpcChannel<TestWorkerContract>;
  /** @throws BUNDLE_FAILED */
  bundle(request: BundleRequest): Promise<Bundle>;
  /** Gives the test worker back. Stops its SDK workers; stops its servers, too, unless `keepsServers`. */
  release(keepsServers: boolean): Promise<void>;
}

/** @throws TEST_WORKER_FAILED if no test worker starts */
export async function acquireTestWorker(handlers: TestWorkerHandlers): Promise<TestWorker> {
  const sessionPath = process.env[SESSION_VARIABLE];
  return sessionPath === undefined ? ownTestWorker(handlers) : sharedTestWorker(sessionPath, handlers);
}

async function ownTestWorker(handlers: TestWorkerHandlers): Promise<TestWorker> {
  const host = await TestWorkerProcess.start();
  const channel = new RpcChannel<TestWorkerContract>(await host.connect(), handlers);
  return {
    channel,
    bundle: (request) => channel.request('bundle', request),
    async release() {
      if (channel.failure) return host.ended();
      await channel.request('release', {}).catch(() => undefined);
      channel.close();
      await host.stop();
    },
  };
}

async function sharedTestWorker(sessionPath: string, handlers: TestWorkerHandlers): Promise<TestWorker> {
  const session = new RpcChannel<TestSessionContract>(await connected(sessionPath), {
    requests: {},
    notifications: {},
    closed: () => undefined,
  });
  const { socketPath } = await session.request('acquire', {});
  const channel = new RpcChannel<TestWorkerContract>(await connected(socketPath), handlers);
  return {
    channel,
    bundle: (request) => session.request('bundle', request),
    async release(keepsServers) {
      // The test worker discards servers that were not released.
      if (keepsServers) await channel.request('release', {}).catch(() => undefined);
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

import type { Connection } from '@temporalio/client';
import { connectionThrough, passesCalls } from '../../sdk/connection-calls';
import { retryInterceptor } from '../../sdk/retry-interceptor';
import { connectionClassFor, testServiceOptions } from '../../sdk/test-service';
import { refuseFakeTicks, refuseFakeTimers } from '../time/fake-timers';
import type { OpenedServer } from '../worker/protocol';
import type { TestWorker } from './test-worker';

/**
 * Returns a connection to a server of the test worker, as the SDK's `TestWorkflowEnvironment` has one
 * (`@temporalio/testing/lib/client.js`, 1.24.0). Its calls go through the test worker: gRPC waits by the global timers, which a
 * test may have replaced with fake ones.
 */
export async function connectToServer(
  { channel }: Pick<TestWorker, 'channel'>,
  // With `skipsTime`, the connection has a `testService`.
  { server, skipsTime }: { server: OpenedServer; skipsTime: boolean },
): Promise<Connection> {
  const options = { address: server.address, ...(skipsTime && testServiceOptions()) };
  if (!passesCalls()) return connectDirectly(options, () => channel.failure !== null);
  let calls = 0;
  return connectionThrough(options, async (call, aborted) => {
    const id = calls++;
    const abort = (): void => channel.notify('abortServerCall', { id });
    aborted?.addEventListener('abort', abort, { once: true });
    try {
      await refuseFakeTicks();
      return await channel.request('callServer', { id, server, call });
    } finally {
      aborted?.removeEventListener('abort', abort);
    }
  });
}

/** Connects by gRPC in the process of the test, for an SDK whose connections cannot pass on their calls. */
async function connectDirectly(
  options: { address: string },
  // Returns true if the server has exited, so that calls are not retried.
  isGone: () => boolean,
): Promise<Connection> {
  refuseFakeTimers();
  return connectionClassFor(options).connect({ ...options, interceptors: [retryInterceptor(isGone)] });
}

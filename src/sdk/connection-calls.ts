import { createRequire } from 'node:module';
import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Connection, ConnectionOptions } from '@temporalio/client';
import { connectionClassFor, testServiceOptions } from './test-service';

/**
 * The calls of a `Connection` to its server, before gRPC sends them: the protected static `generateRPCImplementation` and the class
 * that is its static `Client` (`@temporalio/client/lib/connection.js`, checked on 1.9.3, 1.11.8, 1.14.1 and 1.24.0).
 * `test/sdk/connection-calls.test.ts` fails when an upgrade changes them. Without them, {@link passesCalls} is false.
 */
interface ConnectionClass {
  Client: new (...args: never[]) => object;
  generateRPCImplementation(options: RpcOptions): RpcImplementation;
  lazy(options: ConnectionOptions): Connection;
}
type ConnectionBase = (new (...args: never[]) => Connection) & ConnectionClass;

interface RpcOptions {
  /** Name of the service with its package. */
  serviceName: string;
  callContextStorage: AsyncLocalStorage<CallContext>;
}
type RpcImplementation = (method: { name: string }, request: Uint8Array, callback: RpcCallback) => unknown;
type RpcCallback = (err: Error | null, response?: Uint8Array | null) => void;
type MetadataValues = Record<string, string | Uint8Array>;
interface CallContext {
  metadata?: MetadataValues;
  deadline?: number | Date;
  abortSignal?: AbortSignal;
}

/** One call of a method of the server. */
export interface ServerCall {
  service: string;
  method: string;
  /** Bytes of the request. */
  request: Uint8Array;
  metadata: MetadataValues;
  /** Real ms within which the call has to be answered; null if there is no limit. */
  timeoutMs: number | null;
}

export type ServerAnswer = { response: Uint8Array } | { error: ServerCallError };

/** The error of gRPC that a call has failed with. */
export interface ServerCallError {
  code: number;
  details: string;
  message: string;
  /** Trailing metadata, as HTTP/2 headers: binary values in base64. */
  headers: Record<string, string[]>;
}

const baseFor = (options: ConnectionOptions): ConnectionBase =>
  connectionClassFor(options) as unknown as ConnectionBase;

/** Returns true if the calls of a connection of the installed SDK can be passed on. */
export function passesCalls(): boolean {
  const base = baseFor({});
  return typeof base.generateRPCImplementation === 'function' && typeof base.Client === 'function';
}

const CANCELLED = 1;

/**
 * Creates a connection without a socket: its calls go through `send`. gRPC waits by the global timers, which a test may have
 * replaced with fake ones.
 */
export function connectionThrough(
  options: ConnectionOptions,
  send: (call: ServerCall, aborted: AbortSignal | undefined) => Promise<ServerAnswer>,
): Connection {
  class PassingConnection extends baseFor(options) {
    static override Client = NoGrpcClient as unknown as ConnectionClass['Client'];
    static override generateRPCImplementation({
      serviceName,
      callContextStorage,
    }: RpcOptions): RpcImplementation {
      return ({ name }, request, callback) => {
        const { metadata = {}, deadline, abortSignal } = callContextStorage.getStore() ?? {};
        // A deadline is a time of the test's own clock, which may be fake.
        const timeoutMs = deadline === undefined ? null : Math.max(0, Number(deadline) - Date.now());
        const call = { service: serviceName, method: name, request, metadata, timeoutMs };
        answered(send(call, abortSignal), abortSignal).then(
          (answer) =>
            'response' in answer ? callback(null, answer.response) : callback(errorOf(answer.error)),
          callback,
        );
      };
    }
  }
  return PassingConnection.lazy({ ...options, ...testServiceOptionsOf(options) });
}

/** Keeps the options of the test service, which stand under a symbol. */
const testServiceOptionsOf = (options: ConnectionOptions): object =>
  Object.getOwnPropertySymbols(options).length > 0 ? testServiceOptions() : {};

/**
 * Ends a call at once when it is aborted. As in the SDK's own connection, a signal that was aborted before the call does not
 * matter: calls that clean up after a wait have the signal of that wait.
 */
function answered(answer: Promise<ServerAnswer>, signal: AbortSignal | undefined): Promise<ServerAnswer> {
  if (signal === undefined) return answer;
  return new Promise((done, fail) => {
    const abort = (): void =>
      done({
        error: {
          ...{ code: CANCELLED, details: 'Cancelled on client' },
          ...{ message: '1 CANCELLED: Cancelled on client', headers: {} },
        },
      });
    signal.addEventListener('abort', abort, { once: true });
    answer.then(done, fail).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Stands for the gRPC client of a connection that has no socket. */
class NoGrpcClient {
  waitForReady(_deadline: unknown, ready: (err?: Error) => void): void {
    ready();
  }
  close(): void {}
}

interface MetadataClass {
  fromHttp2Headers(headers: Record<string, string[]>): object;
}

function errorOf({ code, details, message, headers }: ServerCallError): Error {
  const fromClient = createRequire(require.resolve('@temporalio/client'));
  const { Metadata } = fromClient('@grpc/grpc-js') as { Metadata: MetadataClass };
  return Object.assign(new Error(message), {
    ...{ code, details, metadata: Metadata.fromHttp2Headers(headers) },
  });
}

/** A connection of its own to a server, for calls of other connections. */
export interface CallReceiver {
  call(call: ServerCall, aborted: AbortSignal): Promise<ServerAnswer>;
  close(): Promise<void>;
}

/** Connects to a server on the first call. */
export function receiveCalls(options: ConnectionOptions): CallReceiver {
  const services = new Map<string, RpcImplementation>();
  const withTestService = { ...options, ...testServiceOptions() };
  class ReceivingConnection extends baseFor(withTestService) {
    static override generateRPCImplementation(rpcOptions: RpcOptions): RpcImplementation {
      const implementation = super.generateRPCImplementation(rpcOptions);
      services.set(rpcOptions.serviceName, implementation);
      return implementation;
    }
  }
  const connection = ReceivingConnection.lazy(withTestService);
  return {
    call({ service, method, request, metadata, timeoutMs }, aborted) {
      const send = services.get(service);
      if (send === undefined) return Promise.reject(new Error(`A connection has no service ${service}.`));
      const call = (): Promise<ServerAnswer> =>
        new Promise((done) =>
          send({ name: method }, request, (err, response) =>
            done(err ? { error: toServerCallError(err) } : { response: response ?? new Uint8Array() }),
          ),
        );
      const abortable = (): Promise<ServerAnswer> => connection.withAbortSignal(aborted, call);
      const limited = (): Promise<ServerAnswer> =>
        timeoutMs === null ? abortable() : connection.withDeadline(Date.now() + timeoutMs, abortable);
      return connection.withMetadata(withBuffers(metadata), limited);
    },
    close: () => connection.close(),
  };
}

/** gRPC takes binary values as `Buffer` only, and a message between processes makes them `Uint8Array`. */
const withBuffers = (metadata: MetadataValues): Record<string, string | Buffer> =>
  Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : Buffer.from(value),
    ]),
  );

function toServerCallError(err: Error): ServerCallError {
  const { code, details, metadata } = err as Partial<ServerCallError> & {
    metadata?: { toHttp2Headers(): Record<string, string | string[]> };
  };
  const headers = Object.entries(metadata?.toHttp2Headers() ?? {}).map(([name, values]) => [
    name,
    [values].flat().map(String),
  ]);
  return {
    ...{ code: code ?? 2, details: details ?? err.message, message: err.message },
    headers: Object.fromEntries(headers) as Record<string, string[]>,
  };
}

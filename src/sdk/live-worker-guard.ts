import { AsyncLocalStorage } from 'node:async_hooks';
import type { Connection } from '@temporalio/client';
import type { NativeConnection, Runtime, Worker } from '@temporalio/worker';

/*
 * Keeps code of a service that is loaded for its worker's options from acting like a live worker: it may run where the service's
 * cluster can be reached.
 *
 * Relies on documented static methods only: `Worker.create`, `Runtime.install`, `NativeConnection.connect`, and `Connection.connect`
 * and `Connection.lazy` of the client (checked on 1.14.1 and 1.24.0). Held by `test/e2e/worker-options.test.ts`.
 */

/** Set in all code that a load has started, also in what it does not wait for. */
const loading = new AsyncLocalStorage<true>();
let isGuarding = false;

/**
 * Runs a function that loads code of a service. That code cannot start a worker, its connections are not opened, and the SDK's runtime
 * stays as it is.
 */
export function withoutLiveWorker<T>(load: () => Promise<T>): Promise<T> {
  guard();
  return loading.run(true, load);
}

type Connect<T> = (options?: object) => Promise<T>;

function guard(): void {
  if (isGuarding) return;
  isGuarding = true;
  const sdk = require('@temporalio/worker') as typeof import('@temporalio/worker');
  replaceWhileLoading<typeof Worker.create>(sdk.Worker, 'create', () =>
    Promise.reject(
      new Error('It starts a worker, by Worker.create, when it is loaded or when its export is called.'),
    ),
  );
  replaceWhileLoading<typeof Runtime.install>(sdk.Runtime, 'install', () => sdk.Runtime.instance());
  replaceWhileLoading<Connect<NativeConnection>>(sdk.NativeConnection, 'connect', (options) =>
    Promise.resolve(unopened(sdk.NativeConnection, options)),
  );
  const client = require('@temporalio/client') as typeof import('@temporalio/client');
  replaceWhileLoading<Connect<Connection>>(client.Connection, 'connect', (options) =>
    Promise.resolve(client.Connection.lazy(options)),
  );
}

function replaceWhileLoading<Fn extends (...args: never[]) => unknown>(
  owner: object,
  name: string,
  instead: Fn,
): void {
  const methods = owner as Record<string, Fn>;
  const original = methods[name]!;
  methods[name] = function (this: unknown, ...args: Parameters<Fn>) {
    return (loading.getStore() ? instead : original).apply(this, args);
  } as Fn;
}

/** Returns a connection with the plugins of its options, as the SDK gives it them, that cannot be used. */
function unopened(connection: typeof NativeConnection, options: object = {}): NativeConnection {
  let { plugins = [] } = options as { plugins?: readonly ConnectionPlugin[] };
  let current = options;
  for (const plugin of plugins) current = plugin.configureNativeConnection?.(current) ?? current;
  ({ plugins = [] } = current as { plugins?: readonly ConnectionPlugin[] });
  const close = (): Promise<void> => Promise.resolve();
  return Object.assign(Object.create(connection.prototype) as NativeConnection, { plugins, close } as object);
}

interface ConnectionPlugin {
  configureNativeConnection?(options: object): object;
}

/** The main module of a test worker: a process with a Temporal server, SDK workers and workflow code. `test-worker-process.ts` starts it. */
import '../../packages/sdk-resolution';
import { createServer } from 'node:net';
import { format } from 'node:util';
import { DefaultLogger, Runtime, type LogEntry } from '@temporalio/worker';
import { endWithParent } from '../../util/end-with-parent';
import { listenOnSocket } from '../rpc/local-socket';
import { holdLifeline } from './lifeline';
import { TestFileConnection } from './test-file-connection';
import { collectMetrics } from './metrics';
import { TemporalServers } from './temporal-servers';

const [socketPath, parentPid] = process.argv.slice(2);
// Its servers belong to its process group. They have the grace period to end first.
endWithParent(Number(parentPid), { graceMs: 5_000, group: true });
const servers = new TemporalServers();
const metrics = collectMetrics();
const connections = new Set<TestFileConnection>();

Runtime.install({
  logger: new DefaultLogger('DEBUG', forward),
  // Core's logs would go to the console. Forwarding them would make the SDK buffer all logs for a while.
  telemetryOptions: { logging: { filter: 'off' }, ...metrics.telemetry },
});

/** Sends logs of workflow code to the test file whose SDK worker ran it. */
function forward({ level, message, meta, timestampNanos }: LogEntry): void {
  const { taskQueue, sdkComponent } = (meta ?? {}) as { taskQueue?: string; sdkComponent?: string };
  if (sdkComponent !== 'workflow' || taskQueue === undefined) return;
  const log = { level, message, meta: plain(meta), timestampMs: Number(timestampNanos / 1_000_000n) };
  for (const connection of connections)
    if (connection.hasWorkerOn(taskQueue)) connection.channel.notify('log', log);
}

/** Sends console output of workflow code to the test files: the sandbox writes it to the console of this process. */
for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const)
  console[level] = (...args: unknown[]) => {
    const log = { level: level === 'log' ? 'INFO' : level.toUpperCase(), message: format(...args) };
    for (const { channel } of connections)
      channel.notify('log', { ...log, meta: { sdkComponent: 'console' }, timestampMs: Date.now() });
  };

/** Returns log attributes as JSON values; they may hold anything, such as functions and errors. */
function plain(meta: LogEntry['meta']): Record<string, unknown> {
  const text = JSON.stringify(meta ?? {}, (_, value: unknown) =>
    typeof value === 'bigint'
      ? value.toString()
      : value instanceof Error
        ? (value.stack ?? value.message)
        : value,
  );
  return JSON.parse(text) as Record<string, unknown>;
}

const server = createServer((socket) => {
  const connection = new TestFileConnection(socket, { servers, metrics }, () =>
    connections.delete(connection),
  );
  connections.add(connection);
});

async function end(): Promise<void> {
  server.close();
  await servers.stopAll();
  process.exit(0);
}
// The parent process has exited, or has closed the lifeline to stop this one.
const sayListening = holdLifeline(() => void end());
listenOnSocket(server, socketPath!, sayListening);
// Ctrl-C reaches the whole process group, but the parent decides when this process ends.
process.on('SIGINT', () => undefined);

import { appendFileSync } from 'node:fs';
import { DefaultLogger, NativeConnection, Runtime, type WorkerOptions } from '@temporalio/worker';
import { CodecPlugin, PolyfillPlugin } from './plugins';

console.log('Making the options of the worker.');
// Services often install the runtime beside their worker's options.
Runtime.install({ logger: new DefaultLogger('WARN') });

/** Returns the options of a live worker, with a connection that only a live worker can open. */
export async function workerOptions(): Promise<WorkerOptions> {
  const address = process.env['TEMPORAL_ADDRESS'] ?? 'nowhere.invalid:7233';
  return {
    connection: await NativeConnection.connect({ address, plugins: [new CodecPlugin()] }),
    taskQueue: 'orders',
    workflowsPath: require.resolve('./workflows'),
    activities: { pack: () => Promise.resolve() },
    plugins: [new PolyfillPlugin()],
    workflowFailureErrorTypes: { '*': ['OutOfStock'] },
    sinks: {
      audit: { record: { fn: (_info: unknown, text: string) => record(text), callDuringReplay: true } },
    },
  };
}

function record(text: string): void {
  const file = process.env['AUDIT_FILE'];
  if (file !== undefined) appendFileSync(file, `${text}\n`);
}

import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Database } from 'node-sqlite3-wasm';
import { createActivities } from './activities';
import { openDatabase } from './database';

export const TASK_QUEUE = 'orders';

/** The worker of this service. `options` are for tests, and for older versions of the workflows. */
export async function createOrderWorker(
  connection: NativeConnection,
  db: Database,
  options: Partial<WorkerOptions> = {},
): Promise<Worker> {
  return await Worker.create({
    connection,
    taskQueue: TASK_QUEUE,
    workflowsPath: require.resolve('./workflows'),
    activities: createActivities(db),
    ...options,
  });
}

async function main(): Promise<void> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  const db = openDatabase(process.env.ORDERS_DB ?? 'orders.sqlite');
  try {
    const worker = await createOrderWorker(connection, db, { namespace });
    await worker.run();
  } finally {
    db.close();
    await connection.close();
  }
}

if (require.main === module) {
  main().catch((err: unknown) => {
    console.error(err);
    process.exitCode = 1;
  });
}

/**
 * Runs the worker of a service on the server at $TEMPORAL_ADDRESS, and one workflow `forecast` on it:
 * `node -r esbuild-register run-service.ts <module of worker options> <workflow id>`
 */
import { resolve } from 'node:path';
import { Client, type ClientPlugin, Connection } from '@temporalio/client';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';

interface Service {
  workerOptions: WorkerOptions;
  /** Writes what the service has not written yet. */
  flush?: () => Promise<void>;
}

async function main([file, workflowId]: string[]): Promise<void> {
  const { workerOptions, flush } = require(resolve(file!)) as Service;
  const address = process.env['TEMPORAL_ADDRESS']!;
  const connection = await NativeConnection.connect({ address });
  const client = new Client({
    connection: await Connection.connect({ address }),
    identity: 'client@host',
    plugins: (workerOptions.plugins ?? []) as ClientPlugin[],
  });
  const worker = await Worker.create({ ...workerOptions, identity: 'worker@host', connection });
  const taskQueue = workerOptions.taskQueue!;
  await worker.runUntil(
    client.workflow.execute('forecast', { workflowId: workflowId!, taskQueue, args: ['Paris'] }),
  );
  await flush?.();
  await Promise.all([connection.close(), client.connection.close()]);
}

void main(process.argv.slice(2));

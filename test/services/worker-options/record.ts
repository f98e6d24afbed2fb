/** Records histories/ anew with a live worker on a real dev server: `node -r esbuild-register test/services/worker-options/record.ts` */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { fetchHistories } from '../../../src/fetch/fetch-histories';
import { startDevServer } from '../../../src/server/start';
import { dataConverter } from '../converters/data-converter';
import { workerOptions } from './worker-options';
import type { order } from './workflows';

const RUNS = { full: ['a book', 'a pen'], empty: [] };

async function main(): Promise<void> {
  const out = join(__dirname, 'histories');
  await rm(out, { recursive: true, force: true });
  const env = await startDevServer();
  process.env['TEMPORAL_ADDRESS'] = env.address;
  try {
    const worker = await Worker.create(await workerOptions());
    const { payloadCodecs = [] } = dataConverter;
    const client = new Client({ connection: env.connection, dataConverter: { payloadCodecs } });
    await worker.runUntil(async () => {
      for (const [workflowId, items] of Object.entries(RUNS))
        await client.workflow
          .execute<typeof order>('order', { workflowId, taskQueue: 'orders', args: [items] })
          .catch((err: unknown) => console.error(workflowId, err));
    });
    const executions = Object.keys(RUNS).map((workflowId) => ({ workflowId }));
    for await (const { file } of fetchHistories({ address: env.address, executions, out })) {
      // Stacks hold the directory of this checkout.
      const text = await readFile(file!, 'utf8');
      await writeFile(file!, text.replaceAll(`${join(__dirname, '../../..')}/`, ''));
    }
  } finally {
    await env.teardown();
  }
}

void main();

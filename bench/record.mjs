/** Makes the histories to replay: each length is recorded once on a real dev server, then copied. */
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Number of rounds of the workflow `loop`, by the name of the length. */
export const ROUNDS = { short: 3, middle: 23, long: 1000 };

/** Records the lengths that `directory` does not have yet. Returns the number of events by name. */
export async function recordHistories(directory, workflowsPath) {
  const recorded = join(directory, 'recorded');
  await mkdir(recorded, { recursive: true });
  const missing = Object.keys(ROUNDS).filter((name) => !existsSync(join(recorded, `${name}.json`)));
  if (missing.length > 0) await record(missing, recorded, workflowsPath);
  const events = {};
  for (const name of Object.keys(ROUNDS)) {
    events[name] = JSON.parse(await readFile(join(recorded, `${name}.json`), 'utf8')).events.length;
  }
  return events;
}

async function record(names, recorded, workflowsPath) {
  const { startDevServer } = (await import('../lib/server/start.js')).default;
  const { encodeHistory } = (await import('../lib/history/encode.js')).default;
  const { DefaultLogger, Runtime, Worker } = await import('@temporalio/worker');
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const env = await startDevServer({ logLevel: 'never' });
  try {
    const taskQueue = 'bench';
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowsPath,
      activities: { step: async ({ id, line }) => `${id}/${line}` },
    });
    await worker.runUntil(async () => {
      for (const name of names) {
        console.error(`recording ${name}: ${ROUNDS[name]} activities`);
        const workflowId = `bench-${name}`;
        const handle = await env.client.workflow.start('loop', {
          taskQueue,
          workflowId,
          args: [ROUNDS[name]],
        });
        await handle.result();
        const path = join(recorded, `${name}.json`);
        await writeFile(`${path}.part`, encodeHistory(await handle.fetchHistory()));
        await rename(`${path}.part`, path);
      }
    });
  } finally {
    await env.teardown();
  }
}

/** Returns a directory with `count` copies of the recorded history, under different names. */
export async function copies(directory, name, count) {
  const target = join(directory, `${name}-${count}`);
  if (existsSync(target) && (await readdir(target)).length === count) return target;
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (let i = 0; i < count; i++) {
    const file = `${name}-${String(i).padStart(5, '0')}.json`;
    await copyFile(join(directory, 'recorded', `${name}.json`), join(target, file));
  }
  return target;
}

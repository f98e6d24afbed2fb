/**
 * Records histories on a real dev server: `node -r esbuild-register record.ts [count] [seed] [directory]` those of random
 * scripts, and with a count of 0 those of `late-scripts.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Context } from '@temporalio/activity';
import { WorkflowRunOperationHandler, startWorkflow } from '@temporalio/nexus';
import { ApplicationFailure } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import * as nexus from 'nexus-rpc';
import { encodeHistory } from '../../../src/history/encode';
import { startDevServer } from '../../../src/server/start';
import { random } from '../../helpers/random';
import { EveryService } from './nexus-service';
import { LATE_SCRIPTS } from './late-scripts';
import { randomScript } from './random-script';
import { leaf, play } from './workflows';

const [count = 60, seed = 1] = process.argv.slice(2, 4).map(Number);
const out = process.argv[4] ?? join(__dirname, 'histories');
const TASK_QUEUE = 'every-command';

const tries = new Map<string, number>();
const activities = {
  ok: async (text: string) => `${text}!`,
  fail: async (): Promise<string> => {
    throw ApplicationFailure.create({ message: 'no', type: 'No', details: ['why'], nonRetryable: true });
  },
  flaky: async (): Promise<string> => {
    const { workflowExecution, activityId } = Context.current().info;
    const key = `${workflowExecution?.runId} ${activityId}`;
    const tried = (tries.get(key) ?? 0) + 1;
    tries.set(key, tried);
    if (tried === 1) throw new Error('the first time');
    return 'at last';
  },
  slow: async (): Promise<string> => {
    for (let i = 0; i < 4; i++) {
      await Context.current().sleep(60);
      Context.current().heartbeat(i);
    }
    return 'slow';
  },
  deaf: async (): Promise<string> => {
    await delay(1_500);
    return 'deaf';
  },
  deafFail: async (): Promise<string> => {
    await delay(1_500);
    throw ApplicationFailure.nonRetryable('deaf');
  },
  hang: async (): Promise<string> => {
    for (let i = 0; i < 40; i++) {
      await Context.current().sleep(50);
      Context.current().heartbeat(i);
    }
    return 'hung';
  },
};

const handler = nexus.serviceHandler(EveryService, {
  sync: async (_, text) => `sync ${text}`,
  async: new WorkflowRunOperationHandler<string, string>((ctx) =>
    startWorkflow(ctx, leaf, { workflowId: `nexus-${Math.random()}`, args: ['complete'] }),
  ),
  slow: new WorkflowRunOperationHandler<string, string>((ctx) =>
    startWorkflow(ctx, leaf, { workflowId: `nexus-${Math.random()}`, args: ['slow'] }),
  ),
  fail: async () => {
    throw new nexus.OperationError('failed', 'operation failed');
  },
  hang: new WorkflowRunOperationHandler<string, string>((ctx) =>
    startWorkflow(ctx, leaf, { workflowId: `nexus-${Math.random()}`, args: ['hang'] }),
  ),
});

async function main(): Promise<void> {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
  });
  const env = await startDevServer({ searchAttributes: { OrderStatus: 'Keyword' }, logLevel: 'never' });
  await env.connection.operatorService.createNexusEndpoint({
    spec: { name: 'every', target: { worker: { namespace: 'default', taskQueue: TASK_QUEUE } } },
  });
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: TASK_QUEUE,
    workflowsPath: require.resolve('./workflows'),
    activities,
    nexusServices: [handler],
    identity: 'worker@host',
    maxCachedWorkflows: 200,
    shutdownForceTime: '10 seconds',
  });
  mkdirSync(out, { recursive: true });
  await worker.runUntil(async () => {
    const queue = Array.from({ length: count || LATE_SCRIPTS.length }, (_, i) => i);
    const record = async (): Promise<void> => {
      for (let i = queue.shift(); i !== undefined; i = queue.shift())
        await (count > 0 ? recordOne(env.client, i) : recordLate(env.client, i));
    };
    await Promise.all(Array.from({ length: 12 }, record));
  });
  await env.teardown();
}

type Client = Awaited<ReturnType<typeof startDevServer>>['client'];

async function recordLate(client: Client, index: number): Promise<void> {
  const workflowId = `late-${index}`;
  const handle = await client.workflow.start(play, {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [LATE_SCRIPTS[index]!],
  });
  // Core refuses the late end of an abandoned Nexus operation, and the late time-out of an abandoned activity, so that such a
  // run does not end. The histories of these (7, 8 and 22) are not kept.
  await Promise.race([handle.result().catch(() => undefined), delay(20_000)]);
  write(workflowId, await handle.fetchHistory());
  await handle.terminate('recorded').catch(() => undefined);
}

async function recordOne(client: Client, index: number): Promise<void> {
  const next = random(seed * 7919 + index);
  const script = randomScript(next);
  const workflowId = `every-${index}`;
  const handle = await client.workflow.start(play, { workflowId, taskQueue: TASK_QUEUE, args: [script] });
  const nudges = Math.floor(next() * 4);
  for (let n = 0; n < nudges; n++) {
    await delay(next() * 150);
    const kind = next();
    const arg = ['work', 'slow', 'local', 'wrong', 'refused', 'plain'][Math.floor(next() * 6)]!;
    const done =
      kind < 0.45
        ? handle.signal('poke', arg)
        : kind < 0.9
          ? handle.executeUpdate('change', { args: [arg] }).then(() => undefined)
          : handle.cancel().then(() => undefined);
    await Promise.race([done.catch(() => undefined), delay(300)]);
  }
  await Promise.race([handle.result().catch(() => undefined), delay(1_000 + next() * 2_500)]);
  if (script.ends === 'hang' && next() < 0.3) await handle.terminate('enough').catch(() => undefined);
  const { firstExecutionRunId } = handle;
  write(workflowId, await client.workflow.getHandle(workflowId, firstExecutionRunId).fetchHistory());
  await handle.terminate('recorded').catch(() => undefined);
}

const write = (workflowId: string, history: temporal.api.history.v1.IHistory): void =>
  writeFileSync(
    join(out, `${workflowId}.json.gz`),
    gzipSync(encodeHistory(temporal.api.history.v1.History.create(history))),
  );

void main().then(
  () => process.exit(0),
  (err: Error) => {
    console.error(err);
    process.exit(1);
  },
);

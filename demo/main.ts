/**
 * `npm run demo` shows the whole cycle in a minute: it runs the example service on a real Temporal server, fetches the
 * histories, replays them, and catches a change that would break open orders. It works in a temporary directory.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime, type Worker } from '@temporalio/worker';
import type { Database } from 'node-sqlite3-wasm';
import { startOrder } from '../examples/order-service/src/client';
import { openDatabase } from '../examples/order-service/src/database';
import type { OrderInput } from '../examples/order-service/src/types';
import { createOrderWorker } from '../examples/order-service/src/worker';
import { carrierUpdate, orderStatus, shipmentStatus } from '../examples/order-service/src/workflows';
import { isTemporalReplayError } from '../src/errors';
import { startDevServer } from '../src/server/start';
import { command, diff, heading, list, say } from './narrate';

const ROOT = resolve(__dirname, '..');
const CUSTOMER = 'cust-demo';
const GIVE_UP_MS = 120_000;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const WORKFLOWS = 'order-service/src/workflows/index.ts';

/** Steps that undo what the demo has started, run in reverse order. */
class Cleanup {
  readonly #steps: (() => unknown)[] = [];
  #running: Promise<void> | undefined;

  add(step: () => unknown): void {
    this.#steps.unshift(step);
  }

  /** Runs once, at the end of the demo, its failure or Ctrl-C, whichever comes first. */
  run(): Promise<void> {
    this.#running ??= (async () => {
      for (const step of this.#steps) {
        try {
          await step();
        } catch (err) {
          console.error(err);
          process.exitCode = 1;
        }
      }
    })();
    return this.#running;
  }
}

async function demo(cleanup: Cleanup, stop: AbortSignal): Promise<void> {
  heading('The rule');
  say(
    `Temporal does not store the variables of a workflow. It stores what happened, as a list of events: the history.
    Whenever a worker has to go on with a run (after a restart, a deployment, a month of waiting), it calls the workflow
    function again from its first line and answers every await from the history. That is replay. The rule follows: new
    code must ask for the same things in the same order as the old code did, or runs that are under way get stuck.`,
    `temporal-replay checks new code against real histories before it is deployed.`,
  );
  const dir = await mkdtemp(join(tmpdir(), 'temporal-replay-demo-'));
  cleanup.add(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  await cp(join(ROOT, 'examples/order-service'), join(dir, 'order-service'), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'junction');
  const replay = cli(dir, cleanup, stop);

  heading('1. A real Temporal server, and the order service at work');
  const env = await startServer(cleanup, stop);
  await runOrders(env, cleanup, stop);

  heading('2. Fetch the histories of these orders');
  say(
    `By a query on a search attribute, as from your own cluster. One file a run: commit them beside the code.`,
  );
  const { namespace } = env.client.options;
  const query = `CustomerId = '${CUSTOMER}'`;
  await replay(
    0,
    'fetch',
    '--query',
    query,
    '--address',
    env.address,
    '--namespace',
    namespace,
    '--out',
    'histories',
  );

  heading('3. Replay them against the code as it is');
  say(
    `No server is needed for this, and no activity runs: nobody is charged. This is what your CI does from now on.`,
  );
  await replay(0, 'run', 'histories', '--workflows-path', WORKFLOWS);

  heading('4. A change that looks harmless');
  say(
    `"Let us e-mail the customer before we reserve the goods." One line in processOrder, and it passes the unit tests:`,
  );
  const file = join(dir, 'order-service/src/workflows/process-order.ts');
  const original = await readFile(file, 'utf8');
  const place = "    saga.onFailure('releaseInventory'";
  const email =
    "await activities.sendEmail({ emailId: `${orderId}-received`, customerId, template: 'received' });";
  const broken = insertBefore(original, place, `    ${email}\n`);
  await writeFile(file, broken);
  diff(original, broken);
  await replay(1, 'run', 'histories', '--workflows-path', WORKFLOWS);
  say(
    `Exit code 1: the build fails. Deployed, this would have left the open order stuck: its history says that the goods
    were reserved, the new code asks for an e-mail instead. No worker could have gone on with it.`,
  );

  heading('5. The same change, with patched()');
  say(`patched() is false for runs that got past this line before the change, so they go on as they began. New runs send
    the e-mail, and a marker in their history says so.`);
  const safe = insertBefore(
    original,
    place,
    `    if (patched('email-on-receipt')) {\n      ${email}\n    }\n`,
  );
  await writeFile(file, safe);
  diff(original, safe);
  await replay(0, 'run', 'histories', '--workflows-path', WORKFLOWS);
  say(`Green: this can be deployed while orders are under way.`);
}

async function startServer(cleanup: Cleanup, stop: AbortSignal): Promise<TestWorkflowEnvironment> {
  say(
    `The server is looked for on this machine, and installed into the cache of temporal-replay if it is not there.`,
  );
  const starting = startDevServer({
    searchAttributes: { OrderStatus: 'Keyword', CustomerId: 'Keyword' },
    logLevel: 'never',
    signal: stop,
  });
  // The server is stopped too if the demo is interrupted while it starts.
  cleanup.add(async () => (await starting.catch(() => null))?.teardown());
  return await starting;
}

/** Runs four orders with four different ends, and stops the worker when they have reached them. */
async function runOrders(env: TestWorkflowEnvironment, cleanup: Cleanup, stop: AbortSignal): Promise<void> {
  stop.throwIfAborted();
  const { client } = env;
  const db = openDatabase();
  const stopWorker = await startWorker(env, db);
  const stopOnce = once(async () => {
    await stopWorker();
    db.close();
  });
  cleanup.add(stopOnce);

  const ends = await Promise.all([
    completedOrder(client, stop),
    failedOrder(client),
    cancelledOrder(client, stop),
    openOrder(client, stop),
  ]);
  list(ends);
  // A query sees changes a moment later. There are four orders and two shipments; one order is open.
  const seen = async (filter: string): Promise<number> =>
    (await client.workflow.count(`CustomerId = '${CUSTOMER}' AND ${filter}`)).count;
  await eventually(stop, async () => {
    const [open, closed] = await Promise.all(
      ["ExecutionStatus = 'Running'", "ExecutionStatus != 'Running'"].map(seen),
    );
    return (open === 1 && closed === 5) || undefined;
  });
  await stopOnce();
}

async function startWorker(env: TestWorkflowEnvironment, db: Database): Promise<() => Promise<void>> {
  const { namespace } = env.client.options;
  const worker: Worker = await createOrderWorker(env.nativeConnection, db, { namespace });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
  };
}

async function completedOrder(client: Client, stop: AbortSignal): Promise<string> {
  const order = await startOrder(client, orderOf('order-1'));
  const shipment = client.workflow.getHandle('order-1-shipment');
  await eventually(stop, () => shipment.query(shipmentStatus));
  await shipment.signal(carrierUpdate, { status: 'delivered' });
  await order.result();
  return 'order-1  paid, shipped by a child workflow, delivered: completed';
}

async function failedOrder(client: Client): Promise<string> {
  const order = await startOrder(client, orderOf('order-2', { paymentToken: 'tok_declined' }));
  await order.result().catch(() => undefined);
  return 'order-2  card declined, so the goods were released again: failed, with compensation';
}

async function cancelledOrder(client: Client, stop: AbortSignal): Promise<string> {
  const order = await startOrder(client, orderOf('order-3'));
  await eventually(stop, () => client.workflow.getHandle('order-3-shipment').query(shipmentStatus));
  await order.cancel();
  await order.result().catch(() => undefined);
  return 'order-3  called off while it was being shipped; shipment, payment and goods undone: cancelled';
}

async function openOrder(client: Client, stop: AbortSignal): Promise<string> {
  const order = await startOrder(client, orderOf('order-4', { approvalAboveCents: 1_000 }));
  await eventually(stop, async () => (await order.query(orderStatus)) === 'awaiting-approval' || undefined);
  return 'order-4  waits for somebody to approve the payment: still open';
}

const orderOf = (orderId: string, changes: Partial<OrderInput> = {}): OrderInput => ({
  orderId,
  customerId: CUSTOMER,
  items: [{ sku: 'coffee-beans', quantity: 2 }],
  paymentToken: 'tok_visa',
  address: { street: 'Hauptstr. 5', postalCode: '10827', country: 'de' },
  region: 'DE',
  ...changes,
});

/** Runs the built CLI in a directory, as a user would, and fails unless it exits as expected. */
function cli(cwd: string, cleanup: Cleanup, stop: AbortSignal) {
  // The user's own cluster, key and profile must not be used here.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  const env = {
    ...Object.fromEntries(inherited),
    TEMPORAL_CONFIG_FILE: join(cwd, 'temporal.toml'),
    TEMPORAL_REPLAY_CACHE_DIR: join(cwd, 'cache'),
  };
  let child: ChildProcess | undefined;
  let exited: Promise<unknown> | undefined;
  cleanup.add(async () => {
    child?.kill();
    const force = setTimeout(() => child?.kill('SIGKILL'), 2_000);
    await exited;
    clearTimeout(force);
  });

  return async (expectedExitCode: number, ...args: string[]): Promise<void> => {
    stop.throwIfAborted();
    await writeFile(env.TEMPORAL_CONFIG_FILE, '[profile.default]\n');
    command('replay', args);
    const running = spawn(process.execPath, [join(ROOT, 'lib/cli/main.js'), ...args], {
      cwd,
      env,
      stdio: 'inherit',
    });
    child = running;
    const exit = new Promise<number | null>((done, fail) => running.once('error', fail).once('exit', done));
    exited = exit.catch(() => undefined);
    const exitCode = await exit;
    child = undefined;
    stop.throwIfAborted();
    if (exitCode !== expectedExitCode)
      throw new Error(`exit code ${exitCode} instead of ${expectedExitCode}`);
  };
}

function insertBefore(source: string, place: string, text: string): string {
  if (source.split(place).length !== 2)
    throw new Error(`The example has changed: no single place like\n${place}`);
  return source.replace(place, () => text + place);
}

/** Repeats a call until it returns a value, which may take a moment. */
async function eventually<T>(stop: AbortSignal, attempt: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    stop.throwIfAborted();
    try {
      const value = await attempt();
      if (value !== undefined) return value;
    } catch (err) {
      if (Date.now() > deadline) throw err;
    }
    if (Date.now() > deadline) throw new Error(`No value within ${GIVE_UP_MS / 1_000} s`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}

async function main(): Promise<void> {
  const startedAt = Date.now();
  const cleanup = new Cleanup();
  const stop = new AbortController();
  // By default the runtime stops the worker at Ctrl-C, before the demo has handled the signal.
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stop.abort();
      void cleanup.run().then(() => process.exit(EXIT_CODES[signal]));
    });
  }
  try {
    await demo(cleanup, stop.signal);
  } catch (err) {
    // The demo was interrupted, and the handler of the signal ends the process.
    if (stop.signal.aborted) return;
    console.error(isTemporalReplayError(err) ? `${err.message}\n${err.hint}` : err);
    process.exitCode = 1;
  } finally {
    await cleanup.run();
  }
  if (process.exitCode === undefined)
    say(`Done in ${Math.round((Date.now() - startedAt) / 1_000)} s; nothing is left running.`);
}

void main();

/**
 * Replays histories in real core, for core.test.ts: `node core-child.js <bundle>` takes lines of `{ id, workflowId, history }` (base64)
 * and answers with lines of `{ id, outcome }`. All at once, each in a worker of its own: one that never settles holds up no other.
 */
const { readFileSync } = require('node:fs');
const { createInterface } = require('node:readline');
const { DefaultLogger, Runtime, Worker } = require('@temporalio/worker');
const { temporal } = require('@temporalio/proto');

Runtime.install({
  logger: new DefaultLogger('ERROR', () => undefined),
  telemetryOptions: { logging: { forward: {}, filter: 'OFF' } },
});
const workflowBundle = { code: readFileSync(process.argv[2], 'utf8') };

async function replay(history, workflowId) {
  const { History } = temporal.api.history.v1;
  const histories = [{ workflowId, history: History.decode(Buffer.from(history, 'base64')) }];
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    return error ? `${error.name}: ${error.message}` : 'ok';
  }
  return 'nothing';
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, workflowId, history } = JSON.parse(line);
  const outcome = await replay(history, workflowId).catch((err) => `threw ${err}`);
  process.stdout.write(`${JSON.stringify({ id, outcome })}\n`);
});

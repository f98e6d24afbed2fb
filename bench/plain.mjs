/** The script that a team writes without this package: `node bench/plain.mjs <directory> <workflowsPath>` */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';

const [directory, workflowsPath] = process.argv.slice(2);

// historyFromJSON of @temporalio/common throws if npm installs two copies of protobufjs (src/sdk/message-types.ts).
const require = createRequire(import.meta.url);
const { fromJson } = createRequire(require.resolve('@temporalio/proto'))('protobufjs/ext/protojson');
const historyType = require('@temporalio/proto').lookupType('temporal.api.history.v1.History');

async function* readHistories() {
  for (const name of (await readdir(directory)).sort()) {
    const json = JSON.parse(await readFile(join(directory, name), 'utf8'));
    const history = fromJson(historyType, json, { ignoreUnknownFields: true });
    yield { history, workflowId: history.events[0].workflowExecutionStartedEventAttributes.workflowId };
  }
}

const workflowBundle = await bundleWorkflowCode({ workflowsPath });
const counts = { ok: 0, failed: 0 };
for await (const { error } of Worker.runReplayHistories({ workflowBundle }, readHistories())) {
  counts[error ? 'failed' : 'ok']++;
}
console.log(JSON.stringify(counts));

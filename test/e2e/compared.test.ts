/** Holds docs/compared.md: what its script with the SDK's replayer finds, and what this package finds. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT, replayInHost, reportOf, scratchDirectory } from '../helpers/replay-cli';

const PAGE = readFileSync(join(ROOT, 'docs/compared.md'), 'utf8');
const SCRIPT = /^```ts\n([\s\S]*?)^```$/m.exec(PAGE)![1]!;
/** An order that waits three days after the charge. */
const { events } = JSON.parse(
  readFileSync(join(ROOT, 'test/services/patches/histories/before.json'), 'utf8'),
) as { events: object[] };

const CODE = `import { proxyActivities, sleep } from '@temporalio/workflow';

const { chargeCard, sendReceipt, shipParcel } = proxyActivities({ startToCloseTimeout: '1 minute' });

export async function order(orderId: string) {
  await chargeCard(orderId);
  await sleep('3 days');
  return shipParcel(orderId);
}
`;

/** Ids of the events WorkflowTaskStarted of the first task and of the one after the charge. */
const [FIRST_TASK, SECOND_TASK] = [3, 9];

it.each([
  ['the same code', CODE, events.length, '', 'compatible'],
  [
    'an activity more',
    CODE.replace('  await sleep', '  await sendReceipt();\n  await sleep'),
    events.length,
    'TMPRL1100',
    'incompatible',
  ],
  ['a longer timer', CODE.replace('3 days', '30 days'), events.length, '', 'drifted'],
  [
    'an error in the last task',
    CODE.replace('  await sleep', '  (undefined as any).id;\n  await sleep'),
    SECOND_TASK,
    '',
    'failed',
  ],
  ['a missing type', CODE.replace('order(', 'purchase('), FIRST_TASK, '', 'failed'],
])('%s', async (_, code, length, error, verdict) => {
  const cwd = scratchDirectory();
  writeFileSync(join(cwd, 'workflows.ts'), code);
  const file = join(cwd, 'history.json');
  writeFileSync(file, JSON.stringify({ events: events.slice(0, length) }));

  const [plain, run] = await Promise.all([
    withSdk(cwd, file),
    replayInHost([
      'run',
      file,
      '--workflows-path',
      join(cwd, 'workflows.ts'),
      '--no-cache',
      '--reporter',
      'json',
    ]),
  ]);

  expect(plain === '').toBe(error === '');
  expect(plain).toContain(error);
  expect(reportOf(run).results.map((result) => result.verdict)).toEqual([verdict]);
});

/** Runs the script of the page. Returns the errors that it prints. */
async function withSdk(cwd: string, file: string): Promise<string> {
  const script = join(cwd, 'script.mjs');
  writeFileSync(
    script,
    `import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
const [workflowsPath, file] = process.argv.slice(2);
const require = createRequire(import.meta.url);
// The SDK's own function for this throws here, since npm has installed two copies of protobufjs.
const { fromJson } = createRequire(require.resolve('@temporalio/proto'))('protobufjs/ext/protojson');
const type = require('@temporalio/proto').lookupType('temporal.api.history.v1.History');
const histories = [{ workflowId: 'order-1', history: fromJson(type, JSON.parse(readFileSync(file, 'utf8')), { ignoreUnknownFields: true }) }];
${SCRIPT}`,
  );
  const { stderr } = await promisify(execFile)(process.execPath, [script, join(cwd, 'workflows.ts'), file]);
  return stderr;
}

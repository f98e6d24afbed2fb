/** Holds docs/patches.md: each step of a patch, and each mistake, against runs from before the patch and from after it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT, replayInHost, reportOf, scratchDirectory } from '../helpers/replay-cli';

/** Histories of an order that waits: from before the patch, from after it, and from after its deprecation. */
const HISTORIES = join(ROOT, 'test/services/patches/histories');
const PAGE = readFileSync(join(ROOT, 'docs/patches.md'), 'utf8');

/** The workflow of step 1, as the page shows it. */
const PATCHED = `import { deprecatePatch, patched, proxyActivities, sleep } from '@temporalio/workflow';

const { chargeCard, sendReceipt, shipParcel } = proxyActivities({ startToCloseTimeout: '1 minute' });

${/^```ts\n(export async function order[\s\S]*?)^```$/m.exec(PAGE)![1]!}`;
const BRANCH = /if \(patched\('add-send-receipt'\)\) \{\n +(.*)\n {2}\}/;

const without = PATCHED.replace(BRANCH, '');
const unguarded = PATCHED.replace(BRANCH, '$1');
const deprecated = PATCHED.replace(BRANCH, "deprecatePatch('add-send-receipt');\n  $1");
const renamed = PATCHED.replaceAll('add-send-receipt', 'send-receipt');
const movedUp = PATCHED.replace(
  '  await chargeCard',
  "  const isNew = patched('add-send-receipt');\n  await chargeCard",
).replace("if (patched('add-send-receipt'))", 'if (isNew)');

async function verdictsOf(code: string): Promise<Record<string, string>> {
  const cwd = scratchDirectory();
  writeFileSync(join(cwd, 'workflows.ts'), code);
  const run = await replayInHost([
    ...['run', HISTORIES, '--workflows-path', join(cwd, 'workflows.ts')],
    ...['--no-cache', '--reporter', 'json'],
  ]);
  return Object.fromEntries(
    reportOf(run).results.map(({ file, verdict }) => [basename(file, '.json'), verdict]),
  );
}

const [yes, no] = ['compatible', 'incompatible'];

it.each([
  ['the code from before the change', without, { before: yes, patched: no, deprecated: no }],
  ['a change without a patch', unguarded, { before: no, patched: no, deprecated: yes }],
  ['step 1, the patch', PATCHED, { before: yes, patched: yes, deprecated: yes }],
  ['step 2, its deprecation', deprecated, { before: no, patched: yes, deprecated: yes }],
  ['another id', renamed, { before: yes, patched: no, deprecated: no }],
  ['a call that was moved up', movedUp, { before: yes, patched: no, deprecated: no }],
])('%s takes the runs that docs/patches.md says', async (_, code, verdicts) => {
  expect(await verdictsOf(code)).toEqual(verdicts);
});

/**
 * The suggested patch, applied as it stands, makes the histories pass. An activity that is new or renamed is in test/e2e/fix.test.ts.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../../src/patching/text-edits';
import type { FailureGroup } from '../../src/model/diagnosis';
import type { RunReport } from '../../src/model/report';
import type { SourceEdit } from '../../src/model/source';
import { commitAll, initRepository } from '../helpers/git-repository';
import { isWhole } from '../helpers/extent';
import { ROOT, replayInHost, reportOf, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const SERVICE = join(ROOT, 'examples/order-service/src');
const LABEL = 'const { trackingNumber } = await activities.createLabel({ shipmentId, address });';
const BOOK = 'await activities.bookPickup({ shipmentId, items });';

/** Cases that CI runs. The others are alike. */
const FEW = [
  'a loop on one line that is new',
  'two activities that have changed places, one with a result that is used later',
];

interface Case {
  name: string;
  kind: FailureGroup['kind'];
  file: string;
  type: string;
  changes: [string, string][];
}

const CASES: Case[] = [
  {
    name: 'a loop on one line that is new',
    kind: 'added',
    file: 'ship-order.ts',
    type: 'shipOrder',
    changes: [
      [BOOK, `for (const to of [address]) await activities.verifyAddress({ address: to });\n    ${BOOK}`],
    ],
  },
  {
    name: 'a call in the place of one, in a ternary on one line',
    kind: 'replaced',
    file: 'ship-order.ts',
    type: 'shipOrder',
    changes: [
      [
        BOOK,
        'await (items ? activities.verifyAddress({ address }) : activities.bookPickup({ shipmentId, items }));',
      ],
    ],
  },
  {
    name: 'an activity that is gone',
    kind: 'removed',
    file: 'ship-order.ts',
    type: 'shipOrder',
    changes: [[`    ${BOOK}\n`, '']],
  },
  {
    name: 'two activities that have changed places, one with a result that is used later',
    kind: 'moved',
    file: 'ship-order.ts',
    type: 'shipOrder',
    changes: [
      [`    ${LABEL}\n`, ''],
      [`    ${BOOK}\n`, `    ${BOOK}\n    ${LABEL}\n`],
    ],
  },
  {
    name: 'another activity in the place of one',
    kind: 'replaced',
    file: 'refund-order.ts',
    type: 'refundOrder',
    changes: [['activities.refundPayment({', 'activities.chargePayment({']],
  },
];

async function run(directory: string, type: string): Promise<RunReport> {
  const workflows = join(directory, 'workflows/index.ts');
  const args = ['run', join(ROOT, 'histories', type), '--workflows-path', workflows, '--reporter', 'json'];
  return reportOf(
    await replayInHost([...args, '--no-cache', '--advice-timeout', '120s'], { cwd: directory }),
  );
}

function edited({ file, changes }: Case, { inGit }: { inGit: boolean }): string {
  const directory = scratchDirectory();
  cpSync(SERVICE, directory, { recursive: true });
  if (inGit) {
    initRepository(directory);
    commitAll(directory, 'the service as it was');
  }
  writeEdited(join(SERVICE, 'workflows', file), join(directory, 'workflows', file), changes);
  return directory;
}

function apply(directory: string, edits: readonly SourceEdit[]): void {
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const path = join(directory, file);
    const ofFile = edits.filter((edit) => edit.file === file);
    writeFileSync(path, applyEdits(readFileSync(path, 'utf8').split('\n'), ofFile));
  }
}

const patchOf = (group: FailureGroup | undefined): SourceEdit[] =>
  group?.remedies.find(({ code }) => code === 'patch')?.edits ?? [];

describe('the suggested patch, with the old code from git', () => {
  it.each(CASES.filter(({ name }) => isWhole || FEW.includes(name)))(
    'makes the histories pass for $name',
    async (example) => {
      const directory = edited(example, { inGit: true });
      const broken = await run(directory, example.type);
      const [group] = broken.groups;

      apply(directory, patchOf(group));
      const mended = await run(directory, example.type);

      expect(broken.summary.incompatible).toBeGreaterThan(0);
      expect(group).toMatchObject({ kind: example.kind, count: broken.summary.incompatible });
      expect(group!.remedies.find(({ code }) => code === 'patch')!.trial).toEqual({
        outcome: 'passed',
        mended: broken.summary.incompatible,
        unchanged: broken.summary.compatible,
        newRun: 'same',
      });
      expect(mended.summary).toMatchObject({
        incompatible: 0,
        failed: 0,
        histories: broken.summary.histories,
      });
    },
  );
});

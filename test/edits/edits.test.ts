import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunReport } from '../../src/model/report';
import type { HistoryResult } from '../../src/model/verdict';
import { ROOT, scratchDirectory, writeEdited } from '../helpers/replay-cli';
import { EDITS, type Edit } from './edits';

/** `npm run record` gives the histories new run ids. Run this test with UPDATE_EDITS=1 after it, and review the new table. */
const EXPECTED_FILE = join(__dirname, 'expected.json');
const EXPECTED = (existsSync(EXPECTED_FILE) ? JSON.parse(readFileSync(EXPECTED_FILE, 'utf8')) : {}) as Record<
  string,
  Record<string, string>
>;
const SERVICE = join(ROOT, 'examples/order-service/src');

let replayer: ChildProcess;
/** The edited service, one batch after the other. */
let directory: string;
beforeAll(() => {
  directory = scratchDirectory();
  replayer = fork(join(__dirname, 'replay-edits.js'), [], { cwd: ROOT, execArgv: [] });
});
afterAll(() => {
  replayer.disconnect();
});

/** Workflow types by the file that defines them; other files are part of several types. */
const TYPES_OF: Readonly<Record<string, string>> = {
  'process-order.ts': 'processOrder',
  'ship-order.ts': 'shipOrder',
  'refund-order.ts': 'refundOrder',
  'loyalty-account.ts': 'loyaltyAccount',
  'restock-inventory.ts': 'restockInventory',
  'subscription.ts': 'subscription',
};

/** Edits that are replayed together: each is in another file, and changes only that file's workflow type. */
type Batch = readonly Pick<Edit, 'file' | 'changes'>[];

async function replayEdited(batch: Batch, timeout = '60s'): Promise<RunReport> {
  cpSync(SERVICE, directory, { recursive: true });
  for (const { file, changes } of batch)
    writeEdited(join(SERVICE, 'workflows', file), join(directory, 'workflows', file), changes);
  const paths = batch.map(({ file }) => join('histories', TYPES_OF[file] ?? ''));
  const answer = once(replayer, 'message') as Promise<[RunReport]>;
  replayer.send({ paths, workflowsPath: join(directory, 'workflows/index.ts'), timeout });
  return (await answer)[0];
}

/** Bundling takes most of the time: the n-th edits of all files that change one type alone share a bundle. */
function batches(edits: readonly Edit[]): Edit[][] {
  const shared: Edit[][] = [];
  const alone: Edit[][] = [];
  for (const edit of edits) {
    if (TYPES_OF[edit.file] === undefined || edit.kind === 'looping') {
      alone.push([edit]);
      continue;
    }
    const batch = shared.find((others) => others.every(({ file }) => file !== edit.file));
    if (batch) batch.push(edit);
    else shared.push([edit]);
  }
  return [...shared, ...alone];
}

const BATCHES = batches(EDITS);
const replays = new Map<Edit[], Promise<RunReport>>();

/** Returns the results of the histories that an edit can change. */
async function resultsOf(edit: Edit): Promise<HistoryResult[]> {
  const batch = BATCHES.find((edits) => edits.includes(edit))!;
  const replayed = replays.get(batch) ?? replayEdited(batch, edit.kind === 'looping' ? '1s' : undefined);
  replays.set(batch, replayed);
  const type = TYPES_OF[edit.file];
  return (await replayed).results.filter(({ workflowType }) => type === undefined || workflowType === type);
}

/** `incompatible@12`, `drifted@7 taskQueue`, `failed`. */
function summary({ verdict, divergence, drift }: HistoryResult): string {
  if (divergence) return `${verdict}@${divergence.eventId}`;
  if (verdict === 'drifted') return `${verdict}@${drift[0]!.eventId} ${drift[0]!.path}`;
  return verdict;
}

const notCompatible = (results: readonly HistoryResult[]): Record<string, string> =>
  Object.fromEntries(
    results
      .filter((result) => result.verdict !== 'compatible')
      .map((result): [string, string] => [basename(result.file, '.json'), summary(result)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Verdicts that a kind of edit must lead to, independent of the table. */
const VERDICTS_OF: Readonly<Record<Edit['kind'], readonly string[]>> = {
  breaking: ['incompatible'],
  safe: [],
  drifting: ['drifted'],
  throwing: ['failed'],
  looping: ['timeout'],
};

const updating = process.env['UPDATE_EDITS'] === '1';
afterAll(() => {
  if (updating) writeFileSync(EXPECTED_FILE, `${JSON.stringify(EXPECTED, null, 2)}\n`);
});

describe('unchanged workflow code', () => {
  it('is compatible with every recorded history, without drift', async () => {
    const report = await replayEdited([{ file: 'index.ts', changes: [] }]);

    expect(notCompatible(report.results)).toEqual({});
    expect(report.summary.histories).toBeGreaterThanOrEqual(30);
    expect(report.summary.uncoveredTypes).toEqual([]);
  });
});

describe.each(['breaking', 'safe', 'drifting', 'throwing', 'looping'] as const)('a %s edit', (kind) => {
  it.each(EDITS.filter((edit) => edit.kind === kind))('$name', async (edit) => {
    const found = notCompatible(await resultsOf(edit));

    if (updating) EXPECTED[edit.name] = found;
    expect(found).toEqual(EXPECTED[edit.name]);
    const verdicts = new Set(Object.values(found).map((text) => text.split('@')[0]!));
    expect([...verdicts].sort()).toEqual([...VERDICTS_OF[kind], ...(edit.also ?? [])].sort());
  });
});

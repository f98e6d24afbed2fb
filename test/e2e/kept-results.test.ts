/** Results of earlier runs stand for histories for which nothing has changed. */
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '../../src/model/report';
import { ROOT, replayInHost, reportOf, scratchDirectory } from '../helpers/replay-cli';

const SERVICE = join(ROOT, 'examples/order-service/src');
const HISTORIES = [
  'shipOrder/order-completed-shipment_01a20e3f-4e95-70c9-a9c1-1db4e4a30c2c.json',
  'refundOrder/refund-small_01a20e3f-4709-7719-a73b-26b46d1e1a34.json',
  'restockInventory/restock-berlin_01a20e3f-470e-7cb2-888d-fb424a5358ad.json',
];

let directory: string;
beforeEach(() => {
  directory = scratchDirectory();
  cpSync(SERVICE, directory, { recursive: true });
  for (const path of HISTORIES) cpSync(join(ROOT, 'histories', path), join(directory, 'histories', path));
});

async function run(...args: string[]): Promise<{ code: number | null; report: RunReport; cached: string[] }> {
  const workflows = ['--workflows-path', 'workflows/index.ts'];
  const done = await replayInHost(
    [
      'run',
      'histories',
      ...workflows,
      '--cache-dir',
      'cache',
      '--reporter',
      'json',
      '--reuse-results',
      ...args,
    ],
    { cwd: directory },
  );
  const report = reportOf(done);
  const cached = report.results.filter((result) => result.cached).map((result) => result.workflowType!);
  return { code: done.code, report, cached: cached.sort() };
}

function edit(file: string, before: string, after: string): void {
  const path = join(directory, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
  writeFileSync(path, text.replace(before, after));
}

const TYPES = ['refundOrder', 'restockInventory', 'shipOrder'];
const untimed = ({ results }: RunReport) =>
  results
    .map(({ durationMs: _, cached: __, ...result }) => result)
    .sort((a, b) => (a.file < b.file ? -1 : 1));

describe('results of earlier runs', () => {
  it('are those of the histories, unless the command says otherwise', async () => {
    const first = await run();
    const second = await run();
    const again = [await run('--no-reuse-results'), await run('--no-cache')];

    expect([first, second, ...again].map(({ code, cached }) => [code, cached])).toEqual([
      [0, []],
      [0, TYPES],
      [0, []],
      [0, []],
    ]);
    expect(untimed(second.report)).toEqual(untimed(first.report));
    expect(second.report.summary).toMatchObject({ histories: 3, compatible: 3 });
  });

  it('are not taken for a type whose code has changed, and failures are not kept', async () => {
    await run();
    edit('workflows/ship-order.ts', 'await activities.bookPickup({ shipmentId, items });\n', '');

    const broken = await run();
    const again = await run();

    expect(broken).toMatchObject({ code: 1, cached: ['refundOrder', 'restockInventory'] });
    expect(broken.report.summary).toMatchObject({ compatible: 2, incompatible: 1 });
    expect(again).toMatchObject({ code: 1, cached: ['refundOrder', 'restockInventory'] });
    expect(again.report.groups).toHaveLength(1);
  });

  it('are not taken for a history that has changed', async () => {
    await run();
    const path = join(directory, 'histories', HISTORIES[1]!);
    writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(path, 'utf8')), null, 3));

    expect((await run()).cached).toEqual(['restockInventory', 'shipOrder']);
  });

  it('show drift with its place and its group', async () => {
    edit('workflows/activities.ts', "startToCloseTimeout: '30 seconds'", "startToCloseTimeout: '31 seconds'");
    const first = await run();
    const second = await run();

    expect(first.report.summary.drifted).toBeGreaterThan(0);
    expect(second.cached).toEqual(TYPES);
    const groups = ({ report }: { report: RunReport }) =>
      report.groups.map(({ headline, location, drift }) => ({ headline, location, drift }));
    expect(groups(second)).toEqual(groups(first));
  });

  it('do not count if their file is damaged', async () => {
    await run();
    const [name] = readdirSync(join(directory, 'cache')).filter((file) => file.startsWith('results-'));
    const path = join(directory, 'cache', name!);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('compatible', 'incompatible'));

    expect(await run()).toMatchObject({ code: 0, cached: [] });
  });
});

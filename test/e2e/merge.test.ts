/** `replay run --shard` replays a part of the histories, and `replay merge` makes one report of the parts. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '../../src/model/report';
import { ROOT, replayInHost, reportOf, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const SERVICE = join(ROOT, 'test/services/small');
const COUNT = 3;
const PARTS = Array.from({ length: COUNT }, (_, i) => `part-${i + 1}.json`);

let directory: string;
let whole: RunReport;
beforeAll(async () => {
  directory = scratchDirectory();
  cpSync(SERVICE, directory, { recursive: true });
  writeEdited(join(SERVICE, 'workflows.ts'), join(directory, 'workflows.ts'), [
    ["if (wf.patched('p1')) {", "if (wf.patched('p2')) {"],
  ]);
  const run = (...args: string[]) =>
    replayInHost(['run', 'histories', '--workflows-path', 'workflows.ts', ...args], { cwd: directory });
  whole = reportOf(await run('--reporter', 'json'));
  for (const [i, part] of PARTS.entries())
    await run('--shard', `${i + 1}/${COUNT}`, '--reporter', `json=${part}`, '--min-histories', '7');
});

const merge = (...args: string[]) => replayInHost(['merge', ...args], { cwd: directory });

const untimed = ({ results, groups, summary }: RunReport) => ({
  summary: { ...summary, durationMs: 0 },
  results: results.map((result) => ({ ...result, durationMs: 0 })).sort((a, b) => (a.file < b.file ? -1 : 1)),
  groups: groups.map((group) => ({ ...group, results: group.results.length })),
});

describe('replay merge', () => {
  it('gives the report and the exit code of a run of all histories', async () => {
    const merged = await merge(...PARTS, '--reporter', 'json', '--min-histories', '7');

    expect(merged).toMatchObject({ code: 1, stderr: '' });
    expect(whole.summary).toMatchObject({ histories: 7, incompatible: 1 });
    expect(untimed(reportOf(merged))).toEqual(untimed(whole));
  });

  it('shows it with any reporter', async () => {
    const merged = await merge(...PARTS, '--reporter', 'pretty');

    expect(merged.code).toBe(1);
    expect(merged.stdout).toContain('7 histories: 6 compatible, 1 incompatible');
  });

  it('judges the number of histories, which a part does not', async () => {
    const merged = await merge(...PARTS, '--min-histories', '8');

    expect(merged).toMatchObject({ code: 2, stderr: expect.stringContaining('TOO_FEW_HISTORIES') });
  });

  it('fails without the report of a part', async () => {
    const merged = await merge(PARTS[0]!, PARTS[2]!);

    expect(merged).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('The report of part 2 of 3 is missing.'),
    });
  });

  it.each(['interrupted', 'incomplete'])(
    'shows the result but passes no gate with an %s part',
    async (status) => {
      for (const part of PARTS) {
        const report = JSON.parse(readFileSync(join(directory, part), 'utf8')) as RunReport;
        const passing = report.results.filter(({ verdict }) => verdict === 'compatible');
        const isLast = part === PARTS.at(-1);
        const cut = { ...report, status: isLast ? status : 'complete', results: passing, groups: [] };
        writeFileSync(join(directory, `cut-${part}`), JSON.stringify(cut));
      }

      const merged = await merge(...PARTS.map((part) => `cut-${part}`), '--reporter', 'json');

      expect(merged).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          new RegExp(`cut-part-3\\.json \\(${status}\\).*\\[REPORT_UNFINISHED\\]`),
        ),
      });
      expect(reportOf(merged)).toMatchObject({ status, summary: { histories: 6, compatible: 6 } });
    },
  );

  it('fails on a report that stands twice', async () => {
    writeFileSync(join(directory, 'whole.json'), JSON.stringify(whole));

    const merged = await merge('whole.json', 'whole.json');

    expect(merged).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('are the same report'),
    });
  });

  it('fails on a file that is no report', async () => {
    writeFileSync(join(directory, 'other.json'), '{}');

    expect(await merge('other.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('REPORT_INVALID'),
    });
  });
});

describe('replay run --shard', () => {
  it('refuses what names no part', async () => {
    const run = await replayInHost(
      ['run', 'histories', '--workflows-path', 'workflows.ts', '--shard', '4/3'],
      {
        cwd: directory,
      },
    );

    expect(run).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('shard (--shard) must be such as 2/5'),
    });
  });
});

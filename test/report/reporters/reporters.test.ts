import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { composeMessage, messageParts } from '../../../src/model/message';
import type { DiagnosedReport } from '../../../src/model/report';
import { REPORTERS } from '../../../src/report/reporters';
import { withoutValues } from '../../../src/report/hide-values';
import { HOSTILE, SAMPLE, UNPRINTABLE } from '../../helpers/sample-report';
import { ROOT, replay, scratchDirectory, writeEdited } from '../../helpers/replay-cli';
import { shownBy } from '../../helpers/shown-by';

const NAMES = Object.keys(REPORTERS);
describe('every reporter', () => {
  it.each(NAMES)('%s has a file and a test of its own', (name) => {
    expect(existsSync(join(ROOT, `src/report/reporters/${name}.ts`))).toBe(true);
    expect(existsSync(join(ROOT, `test/report/reporters/${name}.test.ts`))).toBe(true);
  });

  it('has a paragraph in docs/reporters.md, in the order of the table', () => {
    const docs = readFileSync(join(ROOT, 'docs/reporters.md'), 'utf8');

    const documented = [...docs.matchAll(/^## `(\w+)`\n\n\S/gm)].map(([, name]) => name);

    expect(documented).toEqual(NAMES);
  });

  it.each(NAMES)('%s shows no values that are hidden', async (name) => {
    const shown = await shownBy(REPORTERS[name]!.open, withoutValues(SAMPLE));

    expect(shown).not.toContain('secret');
  });

  it.each(NAMES)('%s says of an interrupted run, and of no other, that it was interrupted', async (name) => {
    const whole = await shownBy(REPORTERS[name]!.open, SAMPLE);
    const cut = await shownBy(REPORTERS[name]!.open, { ...SAMPLE, status: 'interrupted' });

    expect(cut).toMatch(/interrupted/);
    expect(whole).not.toMatch(/interrupted/);
  });

  it.each(['pretty', 'json', 'html', 'github', 'markdown'])('%s shows notes on a run', async (name) => {
    const parts = messageParts({
      own: 'The code of orders needs a context of its own: failed',
      errorType: 'TypeError',
      foreign: `secret ${HOSTILE}`,
    });
    const note = { projects: ['orders'], because: 'reused-context-failed' as const, parts };
    const report = { ...SAMPLE, notes: [{ ...note, message: composeMessage(parts) }] };

    const shown = await shownBy(REPORTERS[name]!.open, report);
    const hidden = await shownBy(REPORTERS[name]!.open, withoutValues(report));

    expect(shown).toContain('The code of orders needs a context of its own: failed TypeError: secret');
    expect(name === 'json' || !UNPRINTABLE.test(shown)).toBe(true);
    expect(hidden).toContain('The code of orders needs a context of its own: failed TypeError: (hidden)');
  });

  it.each(NAMES)('%s accepts an empty report', async (name) => {
    const empty: DiagnosedReport = { ...SAMPLE, results: [], groups: [] };

    await expect(shownBy(REPORTERS[name]!.open, empty)).resolves.not.toContain(HOSTILE);
  });
});

describe('replay run with several reporters', () => {
  it('writes each report to its place, and colours only the terminal', async () => {
    const directory = scratchDirectory();
    const workflows = join(directory, 'workflows.ts');
    writeEdited(join(ROOT, 'test/services/small/workflows.ts'), workflows, [
      ["await act2('comp');", "await act('comp');"],
    ]);
    const files = ['json=r.json', 'junit=r.xml', 'markdown=r.md', 'sarif=r.sarif'];
    const args = ['run', join(ROOT, 'test/services/small/histories'), '--workflows-path', workflows];
    const env = {
      GITHUB_WORKSPACE: undefined,
      GITHUB_STEP_SUMMARY: undefined,
      FORCE_COLOR: '1',
      NO_COLOR: undefined,
    };

    const run = await replay(
      [...args, ...['pretty', 'github', ...files].flatMap((name) => ['--reporter', name])],
      { cwd: directory, env },
    );

    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.stdout).toMatch(/\n::error file=workflows\.ts,line=\d+,/);
    expect(run.stdout).toContain('\u001b[');
    expect(readdirSync(directory).sort()).toEqual(['r.json', 'r.md', 'r.sarif', 'r.xml', 'workflows.ts']);
    const all = ['r.json', 'r.md', 'r.sarif', 'r.xml'].map((file) =>
      readFileSync(join(directory, file), 'utf8'),
    );
    for (const text of all) expect(text).toMatch(/workflows\.ts/);
    expect(all.join('')).not.toContain('\u001b');
  });
});

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosedReport } from '../../../src/model/report';
import { REPORTERS } from '../../../src/report/reporters';
import { withoutValues } from '../../../src/report/hide-values';
import { HOSTILE, SAMPLE } from '../../helpers/sample-report';
import { ROOT, replay, scratchDirectory, writeEdited } from '../../helpers/replay-cli';
import { shownBy } from '../../helpers/shown-by';

const NAMES = Object.keys(REPORTERS);
/** Whose test is that of the schema of the report, or of the screens of `replay run`. */
const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {
  json: 'test/report/schema.test.ts',
  pretty: 'test/report/open-reporters.test.ts',
};

describe('every reporter', () => {
  it.each(NAMES)('%s has a file of its own, a test and a paragraph', (name) => {
    const docs = readFileSync(join(ROOT, 'docs/reporters.md'), 'utf8');
    expect(existsSync(join(ROOT, `src/report/reporters/${name}.ts`))).toBe(true);
    expect(existsSync(join(ROOT, TESTED_ELSEWHERE[name] ?? `test/report/reporters/${name}.test.ts`))).toBe(
      true,
    );
    expect(docs).toMatch(new RegExp(`^## \`${name}\`\n\n\\S`, 'm'));
  });

  it.each(NAMES)('%s shows no value once values are hidden', async (name) => {
    const shown = await shownBy(REPORTERS[name]!.open, withoutValues(SAMPLE));

    expect(shown).not.toContain('secret');
  });

  it.each(NAMES)('%s takes an empty report', async (name) => {
    const empty: DiagnosedReport = { ...SAMPLE, results: [], groups: [] };

    await expect(shownBy(REPORTERS[name]!.open, empty)).resolves.not.toContain(HOSTILE);
  });
});

describe('replay run with several reporters', () => {
  it('writes each to its place, of a real difference, and colours only what is forced', async () => {
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

/** `replay report` renders the JSON report of an earlier run. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, replayInHost, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const SERVICE = join(ROOT, 'test/services/small');

/** Runs against code that breaks some histories, and writes the report with each reporter. */
async function reports(reporters: readonly string[]): Promise<string> {
  const directory = scratchDirectory();
  cpSync(SERVICE, directory, { recursive: true });
  writeEdited(join(SERVICE, 'workflows.ts'), join(directory, 'workflows.ts'), [
    ["if (wf.patched('p1')) {", "if (wf.patched('p2')) {"],
  ]);
  await replayInHost(
    [
      ...['run', 'histories', '--workflows-path', 'workflows.ts'],
      ...reporters.flatMap((name) => ['--reporter', `${name}=${name}.out`]),
    ],
    { cwd: directory, env: { GITHUB_ACTIONS: '' } },
  );
  return directory;
}

describe('replay report', () => {
  it('renders what the run itself renders, with each reporter', async () => {
    const names = ['pretty', 'junit', 'markdown', 'sarif', 'json'];
    const directory = await reports(names);

    for (const name of names) {
      const run = await replayInHost(['report', 'json.out', '--reporter', name], { cwd: directory });

      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toBe(readFileSync(join(directory, `${name}.out`), 'utf8'));
    }
  });

  it('writes the HTML report, without timelines', async () => {
    const directory = await reports(['json']);

    const run = await replayInHost(['report', 'json.out', '--reporter', 'html=replay.html'], {
      cwd: directory,
    });

    expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(directory, 'replay.html'), 'utf8')).toContain('incompatible');
  });

  it.each([
    ['is not there', null, 'cannot be read'],
    ['is no JSON', 'TAP version 13', 'cannot be read'],
    ['is another kind of JSON', '{"schemaVersion": 2}', 'is no report of this version: the report must have'],
    [
      'lacks a part',
      '{"schemaVersion": 1, "status": "complete", "summary": {}, "results": [], "groups": []}',
      '/summary must have required property',
    ],
  ])('names a file that %s', async (_, text, message) => {
    const cwd = scratchDirectory();
    if (text !== null) writeFileSync(join(cwd, 'report.json'), text);

    const run = await replayInHost(['report', 'report.json'], { cwd });

    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain('[REPORT_INVALID]');
  });
});

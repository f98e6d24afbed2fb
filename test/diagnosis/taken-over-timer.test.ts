/** A new wait before one whose timer is running gets that timer: core matches timers by their order alone. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../../src/patching/text-edits';
import type { DiagnosedReport } from '../../src/model/report';
import { ROOT, replayInHost, reportOf, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const SMALL = join(ROOT, 'test/services/small');
const WAIT = "  await wf.sleep('1h');\n}";
const ADDED = "  await wf.condition(() => false, '5m');\n  await act(1);\n";

async function replayed(edit: readonly [string, string]) {
  const directory = scratchDirectory();
  const workflows = join(directory, 'workflows.ts');
  writeEdited(join(SMALL, 'workflows.ts'), workflows, [edit]);
  copyFileSync(join(SMALL, 'histories/w1.json'), join(directory, 'w1.json'));
  const args = [
    'run',
    'w1.json',
    '--workflows-path',
    'workflows.ts',
    '--reporter',
    'json',
    '--advice-timeout',
    '60s',
  ];
  const run = () => replayInHost(args, { cwd: directory });
  return { workflows, run, report: JSON.parse((await run()).stdout) as DiagnosedReport };
}

describe('a recorded timer of which another wait takes possession', () => {
  it('is drift with a warning that names both waits, and a patch that gives it back', async () => {
    const { workflows, run, report } = await replayed([WAIT, `${ADDED}${WAIT}`]);

    expect(report.summary.drifted).toBe(1);
    const [group] = report.groups;
    expect(group!.headline).toBe('timer 5m takes over timer 1h of another wait');
    expect(group!.location!.line).toBe(61);
    expect(group!.impact).toMatch(/wait here until the recorded timer 1h fires.* at workflows\.ts:63/);
    const [patch] = group!.remedies;
    expect(patch!.code).toBe('patch');
    const lines = readFileSync(workflows, 'utf8').split('\n');
    writeFileSync(workflows, applyEdits(lines, patch!.edits));
    expect(reportOf(await run()).summary.compatible).toBe(1);
  });

  it('is not seen in a wait whose length was edited', async () => {
    const { report } = await replayed([WAIT, WAIT.replace('1h', '2h')]);

    const [group] = report.groups;
    expect(group!.headline).toBe('timer 1h: `startToFireTimeout` is not as recorded');
    expect(group!.remedies[0]).toMatchObject({ code: 'accept-drift' });
    expect(group!.remedies[0]!.text).toMatch(/^A timer that has started keeps its length/);
  });
});

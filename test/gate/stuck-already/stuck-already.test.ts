/** Runs of `workflows.ts` on a real server, in which worse code was deployed after the second workflow task. */
import { join } from 'node:path';
import type { DiagnosedReport } from '../../../src/model/report';
import {
  type CliResult,
  replayInHost,
  reportOf,
  scratchDirectory,
  writeEdited,
} from '../../helpers/replay-cli';

const WORKFLOWS = join(__dirname, 'workflows.ts');
const NONDETERMINISM = join(__dirname, 'nondeterminism.json');
const THROWN = join(__dirname, 'thrown.json');
const RESOLVED = join(__dirname, 'resolved.json');

/** The edits that were deployed when the workflow tasks failed. */
const OTHER_ACTIVITY = ['await a();', "await proxyActivities({ startToCloseTimeout: '10s' }).c!();"] as const;
const THROWS = ['await b();', 'const order: any = undefined;\n  await order.y.z;'] as const;

function run(edit: readonly [string, string], args: readonly string[]): Promise<CliResult> {
  const workflows = join(scratchDirectory(), 'workflows.ts');
  writeEdited(WORKFLOWS, workflows, [edit]);
  return replayInHost(['run', ...args, '--workflows-path', workflows, '--reporter', 'json']);
}

const existingOf = (result: CliResult): unknown[] => reportOf(result).results.map(({ existing }) => existing);

describe('a run that was stuck in a failure already', () => {
  it('is reported with its recorded failure and does not fail the run', async () => {
    const result = await run(OTHER_ACTIVITY, [NONDETERMINISM]);

    expect(result.code).toBe(0);
    expect(reportOf(result).results).toMatchObject([{ verdict: 'incompatible', existing: { eventId: 14 } }]);
    const [group] = (JSON.parse(result.stdout) as DiagnosedReport).groups;
    expect(group).toMatchObject({ count: 1, existingCount: 1 });
    expect(group!.impact).toMatch(/^The run was stuck in this failure already when fetched/);
  });

  it('fails the run with --fail-on-existing', async () => {
    const result = await run(OTHER_ACTIVITY, [NONDETERMINISM, '--fail-on-existing']);

    expect([result.code, existingOf(result)]).toEqual([1, [{ eventId: 14 }]]);
  });

  it('does not hide the same failure of a run that had got over it', async () => {
    const result = await run(THROWS, [THROWN, RESOLVED]);

    expect(result.code).toBe(1);
    expect(reportOf(result).summary.failed).toBe(2);
    expect(new Set(existingOf(result))).toEqual(new Set([{ eventId: 14 }, undefined]));
  });

  it('does not hide another failure of the same run', async () => {
    const result = await run(OTHER_ACTIVITY, [THROWN]);

    expect([result.code, existingOf(result)]).toEqual([1, [undefined]]);
  });
});

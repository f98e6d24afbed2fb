import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileCoverageData } from 'istanbul-lib-coverage';
import { ROOT, scratchDirectory } from '../helpers/replay-cli';

const SERVICE = join(__dirname, 'service');

interface JestRun {
  output: string;
  code: number | null;
}

function jest(args: string[], env: NodeJS.ProcessEnv = {}): Promise<JestRun> {
  const bin = join(ROOT, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, [bin, '--config', join(SERVICE, 'jest.config.js'), ...args], {
    // It is a run of its own, not a part of this one.
    env: { ...process.env, JEST_WORKER_ID: undefined, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((done) => child.once('close', (code) => done({ output, code })));
}

/** Hits by line of the source. */
const linesOf = ({ statementMap, s }: FileCoverageData): Record<number, number> =>
  Object.fromEntries(Object.entries(s).map(([id, hits]) => [statementMap[id]!.start.line, hits]));

const lineOf = (file: string, text: string): number =>
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;

describe('jest --coverage', () => {
  it("has what workflows run, in jest's own counters beside what ran outside of the sandbox", async () => {
    const directory = scratchDirectory();

    const run = await jest(['--coverage', '--coverageDirectory', directory]);

    expect(run).toMatchObject({ code: 0 });
    const coverage = JSON.parse(readFileSync(join(directory, 'coverage-final.json'), 'utf8')) as Record<
      string,
      FileCoverageData
    >;
    const [activities, prices, workflows] = ['activities', 'prices', 'workflows'].map((name) =>
      join(SERVICE, `src/${name}.ts`),
    ) as [string, string, string];
    expect(Object.keys(coverage).sort()).toEqual([activities, prices, workflows]);
    const workflowLines = linesOf(coverage[workflows]!);
    expect(workflowLines[lineOf(workflows, "await sleep('1 day')")]).toBe(1);
    expect(workflowLines[lineOf(workflows, "return 'free'")]).toBe(0);
    expect(workflowLines[lineOf(workflows, 'export async function order')]).toBe(1);
    expect(linesOf(coverage[activities]!)[lineOf(activities, 'return `charged')]).toBe(1);
    // One side was taken by a unit test, the other by a workflow.
    const discount = Object.values(coverage[prices]!.branchMap).findIndex(({ type }) => type === 'cond-expr');
    expect(coverage[prices]!.b[discount]).toEqual([1, 1]);
  });

  it('prints that the report lacks workflow code, with the provider v8', async () => {
    const args = ['order.spec', '--coverage', '--coverageProvider', 'v8', '--coverageReporters', 'none'];

    const run = await jest(args, { TEMPORAL_REPLAY_COVERAGE: '1' });

    expect(run.code).toBe(0);
    expect(run.output).toContain('temporal-replay: workflow code is not in this coverage report.');
  });
});

/** A service whose test suite runs with `--coverage`, and the properties of its report, whichever provider counts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileCoverageData } from 'istanbul-lib-coverage';
import type { SuiteRun } from './test-service';

const WORKFLOWS = `import { proxyActivities, sleep } from '@temporalio/workflow';
import type * as activities from './activities';
import { generated } from './generated';
import { discounted } from './prices';

const { charge } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

export async function order(cents: number, note?: string): Promise<string> {
  const due = discounted(generated(cents), false);
  if (due === 0) {
    return 'free';
  }
  await sleep('1 day');
  /* istanbul ignore if */
  if (due < 0) {
    return 'left out';
  }
  return \`\${await charge(due)}\${note === undefined ? '' : note.trim()}\`;
}

export async function refund(cents: number): Promise<number> {
  await sleep('1 hour');
  return -cents;
}
`;

const PRICES = `/** Workflow code and a unit test share it. */
export function discounted(cents: number, isMember: boolean): number {
  if (cents > 1000) {
    return 1000;
  }
  return isMember ? cents * 0.9 : cents;
}

export const rounded = (cents: number): number => Math.round(cents);
`;

/** Tests of the service, for runners with globals. Their settings leave out `src/generated.ts`. */
export const COVERAGE_SERVICE = {
  'src/workflows.ts': WORKFLOWS,
  'src/prices.ts': PRICES,
  'src/generated.ts': 'export const generated = (cents: number): number => cents;\n',
  'src/activities.ts': `export async function charge(cents: number): Promise<string> {
  return 'charged ' + cents;
}
`,
  'src/order.test.ts': `import { createTestEnvironment } from 'temporal-replay/testing';
import * as activities from './activities';
import type * as workflows from './workflows';

it('charges', async () => {
  const env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  expect(await env.execute<typeof workflows.order>('order', { args: [100] })).toBe('charged 100');
});
`,
  'src/prices.test.ts': `import { discounted } from './prices';

it('gives members a discount', () => {
  expect(discounted(100, true)).toBe(90);
});
`,
};

export interface CoverageRun {
  directory: string;
  run: SuiteRun;
  /** Threshold for lines of `src/workflows.ts`, in percent. */
  lines: number;
}

/** Checks `coverage/coverage-final.json`: it has each file once, with the code that ran in the sandbox and outside. */
export function itReportsWorkflowCode(made: () => CoverageRun): void {
  const report = (): Record<string, FileCoverageData> =>
    JSON.parse(readFileSync(join(made().directory, 'coverage/coverage-final.json'), 'utf8')) as never;
  const reportOf = (file: string): FileCoverageData => report()[join(made().directory, file)]!;

  it('has each file once, and none that the settings leave out', () => {
    const expected = ['activities', 'prices', 'workflows'].map((name) =>
      join(made().directory, `src/${name}.ts`),
    );
    expect(made().run.output).not.toContain('temporal-replay: workflow code is not in');
    expect(
      Object.keys(report())
        .filter((file) => file.includes('/src/'))
        .sort(),
    ).toEqual(expected);
  });

  it('is what thresholds are checked against', () => {
    const { run, lines } = made();

    const failure = /Coverage for lines \(\d\d(\.\d+)?%\) does not meet ".*src\/workflows\.ts" threshold/i;
    expect([run.code, failure.test(run.output)]).toEqual(lines < 100 ? [0, false] : [1, true]);
  });

  it('has the lines that workflows ran, and those that none did', () => {
    const workflows = reportOf('src/workflows.ts');

    expect(isRun(hitsAt(workflows, WORKFLOWS, "sleep('1 day')"))).toBe(true);
    expect(isRun(hitsAt(workflows, WORKFLOWS, 'await charge(due)'))).toBe(true);
    expect(hitsAt(workflows, WORKFLOWS, "return 'free'")).toEqual([0]);
    expect(hitsAt(workflows, WORKFLOWS, "sleep('1 hour')")).toEqual([0]);
    expect(hitsAt(workflows, WORKFLOWS, 'left out')).toEqual([]);
    expect(Object.values(workflows.f).map((hits) => hits > 0)).toEqual([true, false]);
  });

  it('has the sides of branches that workflows took', () => {
    const workflows = reportOf('src/workflows.ts');

    expect(sidesAt(workflows, WORKFLOWS, 'due === 0')).toEqual([[0, SOME]]);
    expect(sidesAt(workflows, WORKFLOWS, 'due === 0')[0]![1]).toBeGreaterThan(0);
    const [[withoutNote, withNote]] = sidesAt(workflows, WORKFLOWS, 'note === undefined') as [number[]];
    expect([withoutNote! > 0, withNote]).toEqual([true, 0]);
  });

  it('adds up what a workflow and a unit test ran of one file', () => {
    const prices = reportOf('src/prices.ts');

    const [[member, other]] = sidesAt(prices, PRICES, 'isMember ?') as [number[]];
    expect([member! > 0, other! > 0]).toEqual([true, true]);
    expect(sidesAt(prices, PRICES, 'cents > 1000')).toEqual([[0, SOME]]);
    expect(hitsAt(prices, PRICES, 'return 1000')).toEqual([0]);
    expect(hitsAt(prices, PRICES, 'Math.round')).toContain(0);
  });
}

const lineOf = (source: string, text: string): number =>
  source.split('\n').findIndex((line) => line.includes(text)) + 1;

/** Returns the hits of statements that begin on the line with this text. */
function hitsAt({ statementMap, s }: FileCoverageData, source: string, text: string): number[] {
  const line = lineOf(source, text);
  return Object.keys(s).flatMap((id) => (statementMap[id]!.start.line === line ? [s[id]!] : []));
}

function sidesAt({ branchMap, b }: FileCoverageData, source: string, text: string): number[][] {
  const line = lineOf(source, text);
  return Object.keys(b).flatMap((id) => (branchMap[id]!.loc.start.line === line ? [b[id]!] : []));
}

const SOME = expect.any(Number) as number;
const isRun = (hits: number[]): boolean => hits.length > 0 && hits.every((count) => count > 0);

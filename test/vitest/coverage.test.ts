/** A service of a user whose workflow code is in the coverage report of vitest, whatever counts the rest of it. */
import { cpSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { FileCoverageData } from 'istanbul-lib-coverage';
import { ROOT } from '../helpers/replay-cli';
import { installVitest, runSuite, type SuiteRun, writeService } from '../helpers/test-service';

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

const FILES = {
  'package.json': '{ "name": "service", "private": true, "type": "module" }',
  'vitest.config.ts': `import { defineConfig } from 'vitest/config';
import { temporalReplay } from 'temporal-replay/vitest';

const lines = Number(process.env.LINES);
export default defineConfig({
  plugins: [temporalReplay()],
  test: {
    coverage: { exclude: ['src/generated.ts'], reporter: ['json'], thresholds: { 'src/workflows.ts': { lines } } },
  },
});
`,
  'src/workflows.ts': WORKFLOWS,
  'src/prices.ts': PRICES,
  'src/generated.ts': 'export const generated = (cents: number): number => cents;\n',
  'src/activities.ts': `export async function charge(cents: number): Promise<string> {
  return 'charged ' + cents;
}
`,
  'src/order.test.ts': `import { expect, it } from 'vitest';
import { createTestEnvironment } from 'temporal-replay/testing';
import * as activities from './activities';
import type * as workflows from './workflows';

it('charges', async () => {
  const env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  expect(await env.execute<typeof workflows.order>('order', { args: [100] })).toBe('charged 100');
});
`,
  'src/prices.test.ts': `import { expect, it } from 'vitest';
import { discounted } from './prices';

it('gives members a discount', () => {
  expect(discounted(100, true)).toBe(90);
});
`,
};

interface Reported {
  run: SuiteRun;
  /** Absolute paths of the files in the report. */
  files: string[];
  of(file: string): FileCoverageData;
  directory: string;
}

async function reportedBy(version: string, provider: string, lines: number): Promise<Reported> {
  const packages = await installVitest(version);
  const directory = writeService(FILES);
  // A copy: the one in the repository would find the repository's vitest.
  const own = join(directory, 'node_modules/temporal-replay');
  rmSync(own);
  for (const file of ['lib', 'package.json']) cpSync(join(ROOT, file), join(own, file), { recursive: true });
  for (const name of ['vitest', '@vitest'])
    symlinkSync(join(packages, name), join(directory, 'node_modules', name), 'junction');

  const args = ['run', '--coverage', `--coverage.provider=${provider}`];
  const run = await runSuite(directory, [join(packages, 'vitest/vitest.mjs'), ...args], {
    LINES: `${lines}`,
  });

  const json = readFileSync(join(directory, 'coverage/coverage-final.json'), 'utf8');
  const report = JSON.parse(json) as Record<string, FileCoverageData>;
  return {
    run,
    files: Object.keys(report).sort(),
    of: (file) => report[join(directory, file)]!,
    directory,
  };
}

const lineOf = (source: string, text: string): number =>
  source.split('\n').findIndex((line) => line.includes(text)) + 1;

/** Of what begins on the line of the source that has the text. */
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

describe.each([
  ['4.1.12', 'v8'],
  ['4.1.12', 'istanbul'],
  ['3.2.7', 'v8'],
])('the report of vitest %s with %s', (version, provider) => {
  let reported: Reported;
  beforeAll(async () => {
    reported = await reportedBy(version, provider, 50);
  });

  it('has each file once, and none that the settings leave out', () => {
    const expected = ['activities', 'prices', 'workflows'].map((name) =>
      join(reported.directory, `src/${name}.ts`),
    );
    expect(reported.run).toMatchObject({ code: 0 });
    expect(reported.run.output).not.toContain('temporal-replay: workflow code is not in');
    expect(reported.files.filter((file) => file.includes('/src/'))).toEqual(expected);
  });

  it('has the lines that workflows ran, and those that none did', () => {
    const workflows = reported.of('src/workflows.ts');

    expect(isRun(hitsAt(workflows, WORKFLOWS, "sleep('1 day')"))).toBe(true);
    expect(isRun(hitsAt(workflows, WORKFLOWS, 'await charge(due)'))).toBe(true);
    expect(hitsAt(workflows, WORKFLOWS, "return 'free'")).toEqual([0]);
    expect(hitsAt(workflows, WORKFLOWS, "sleep('1 hour')")).toEqual([0]);
    expect(hitsAt(workflows, WORKFLOWS, 'left out')).toEqual([]);
    expect(Object.values(workflows.f).map((hits) => hits > 0)).toEqual([true, false]);
  });

  it('has the sides of branches that workflows took', () => {
    const workflows = reported.of('src/workflows.ts');

    expect(sidesAt(workflows, WORKFLOWS, 'due === 0')).toEqual([[0, SOME]]);
    expect(sidesAt(workflows, WORKFLOWS, 'due === 0')[0]![1]).toBeGreaterThan(0);
    const [[withoutNote, withNote]] = sidesAt(workflows, WORKFLOWS, 'note === undefined') as [number[]];
    expect([withoutNote! > 0, withNote]).toEqual([true, 0]);
  });

  it('adds up what a workflow and a unit test ran of one file', () => {
    const prices = reported.of('src/prices.ts');

    const [[member, other]] = sidesAt(prices, PRICES, 'isMember ?') as [number[]];
    expect([member! > 0, other! > 0]).toEqual([true, true]);
    expect(sidesAt(prices, PRICES, 'cents > 1000')).toEqual([[0, SOME]]);
    expect(hitsAt(prices, PRICES, 'return 1000')).toEqual([0]);
    expect(hitsAt(prices, PRICES, 'Math.round')).toContain(0);
  });
});

describe('thresholds of vitest', () => {
  it('count what workflows ran', async () => {
    const { run } = await reportedBy('4.1.12', 'v8', 100);

    expect(run.output).toMatch(
      /Coverage for lines \(\d\d(\.\d+)?%\) does not meet "src\/workflows\.ts" threshold \(100%\)/,
    );
    expect(run.code).toBe(1);
  });
});

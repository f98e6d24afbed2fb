/** Runs that a test leaves open end with it, and do not touch the next one. */
import { JEST, runSuite, VITEST, writeService } from '../../helpers/test-service';

const WORKFLOWS = `import { sleep } from '@temporalio/workflow';
export const nextDay = async (n: number) => { await sleep('1 day'); return n + 1; };
export const everyHour = async () => { for (;;) await sleep('1 hour'); };
export const fails = async () => { throw new TypeError('at once'); };
`;

const TESTS = `import { createTestEnvironment } from 'temporal-replay/testing';
const open = (options = {}) => createTestEnvironment({ workflowsPath: 'src/workflows.ts', ...options });
const statusOf = async (handle) => (await handle.describe()).status.name;
const one = async (env) => expect(await env.execute('nextDay', { args: [1] })).toBe(2);

describe('one environment', () => {
  let env, early, late;
  beforeAll(async () => { env = await open(); early = await env.start('everyHour'); });
  afterAll(() => env.teardown());
  it('leaves one open', async () => { late = await env.start('everyHour'); await env.sleep('5 hours'); });
  it('runs after it', () => one(env));
  it('finds it ended', async () => { expect(await statusOf(late)).toBe('TERMINATED'); });
  it('finds that of before the tests open', async () => { expect(await statusOf(early)).toBe('RUNNING'); });
  it('leaves one whose task fails', async () => { await env.start('fails'); });
  it('runs after that', () => one(env));
});

describe('an environment of each test', () => {
  it('leaves one open', async () => { const env = await open(); await env.start('nextDay', { args: [1] }); await env.teardown(); });
  it('runs after it', async () => { const env = await open(); await one(env); await env.teardown(); });
  it('waits for one, and does not await that', async () => { const env = await open(); const handle = await env.start('nextDay', { args: [1] }); handle.result().catch(() => undefined); await env.teardown(); });
  it('runs after that one', async () => { const env = await open(); await one(env); await env.teardown(); });
  it('leaves one whose task fails', async () => { const env = await open(); await env.start('fails'); await env.teardown(); });
  it('runs after that', async () => { const env = await open(); await one(env); await env.teardown(); });
});

describe('an environment that keeps runs', () => {
  let env, kept;
  beforeAll(async () => { env = await open({ keepRuns: true }); });
  afterAll(() => env.teardown());
  it('leaves one open', async () => { kept = await env.start('everyHour'); });
  it('finds it so', async () => { expect(await statusOf(kept)).toBe('RUNNING'); });
});
`;

const RUNNERS = {
  jest: {
    command: [JEST, '--verbose'],
    files: {
      'package.json': '{ "name": "service", "private": true }',
      'jest.config.js': `module.exports = { preset: 'temporal-replay', testTimeout: 60000 };\n`,
      'src/open.test.js': TESTS,
    },
  },
  vitest: {
    command: [VITEST, 'run', '--reporter', 'verbose'],
    files: {
      'package.json': '{ "name": "service", "private": true, "type": "module" }',
      'vitest.config.ts': `import { temporalReplay } from 'temporal-replay/vitest';\nexport default { plugins: [temporalReplay()], test: { globals: true, testTimeout: 60000 } };\n`,
      'src/open.test.js': TESTS,
    },
  },
} satisfies Record<string, { command: [string, ...string[]]; files: Record<string, string> }>;

it.each(Object.keys(RUNNERS) as (keyof typeof RUNNERS)[])(
  'under %s, a run that a test leaves open touches no other test, and fails its own where its task does',
  async (runner) => {
    const { command, files } = RUNNERS[runner];
    const service = writeService({ ...files, 'src/workflows.ts': WORKFLOWS });

    const { output } = await runSuite(service, command);

    const failed = output.split('\n').filter((line) => /^\s*[✕×] /.test(line));
    expect(failed).toHaveLength(2);
    for (const line of failed) expect(line).toContain('leaves one whose task fails');
    expect(output).toContain('A workflow task of fails');
    expect(output).toContain('TypeError: at once');
    expect(output).toMatch(/2 failed.*12 passed|12 passed.*2 failed/);
  },
);

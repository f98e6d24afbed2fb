/** Tests of services whose timers are fake, run by jest and vitest as processes. */
import { JEST, runSuite, VITEST, writeService } from '../../helpers/test-service';

const WORKFLOWS = `import { proxyActivities, sleep } from '@temporalio/workflow';
const acts = proxyActivities({ startToCloseTimeout: '1 hour' });
export async function trial(id) {
  await sleep('30 days');
  return acts.charge(id);
}
`;

const IMPORTS = `import { createTestEnvironment, mockActivities, runActivity } from 'temporal-replay/testing';
const workflowsPath = 'src/workflows.ts';
const open = (activities = { charge: async (id) => 'paid ' + id }, stallTimeout = '20s') =>
  createTestEnvironment({ workflowsPath, activities, stallTimeout });
`;

/** Tests in an environment that is open already, with fake timers of each kind. */
const ONE_ENVIRONMENT = (runner: string, kinds: readonly string[]) => `${IMPORTS}
let env;
beforeAll(async () => { env = await open(); });
afterAll(() => env.teardown());
let sinon;
afterEach(() => (sinon ? sinon.uninstall() : void ${runner}.useRealTimers()));
${kinds
  .map(
    (kind, at) => `
it('kind ${at}', async () => {
  ${kind};
  expect(await env.execute('trial', { args: ['${at}'] })).toBe('paid ${at}');
  await env.sleep('1 day');
  await env.until(() => true);
});
`,
  )
  .join('')}
`;

/** Tests whose timers are fake before they open an environment. */
const BEFORE = (fake: string) => `${IMPORTS}
it('opens an environment, and mocks take workflow time', async () => {
  ${fake};
  const activities = mockActivities({ charge: async () => 'paid' });
  activities.charge.failTimes(1).delay('5 minutes');
  await using env = await open(activities);
  expect(await env.execute('trial', { args: ['a'] })).toBe('paid');
  expect(activities.charge).toHaveBeenCalledTimes(2);
});
it('runs an activity with a limit in real time', async () => {
  ${fake};
  const run = runActivity(() => new Promise(() => undefined), [], { startToCloseTimeout: 20 });
  await expect(run).rejects.toThrow('did not end within 20 ms');
});
it('names fake timers as the cause of an activity that waits for one', async () => {
  ${fake};
  const charge = () => new Promise((done) => setTimeout(done, 10));
  await using env = await open({ charge }, '1s');
  await expect(env.execute('trial', { args: ['a'] })).rejects.toThrow('The timers of this test are fake');
});
`;

const JEST_KINDS = [
  `jest.useFakeTimers()`,
  `jest.useFakeTimers({ now: new Date('2020-01-01') })`,
  `jest.useFakeTimers({ now: new Date('2090-01-01'), advanceTimers: true })`,
  `jest.useFakeTimers({ doNotFake: ['nextTick', 'Date'] })`,
  `jest.useFakeTimers({ legacyFakeTimers: true })`,
  `sinon = require('@sinonjs/fake-timers').install()`,
];
const VITEST_KINDS = [
  `vi.useFakeTimers()`,
  `vi.useFakeTimers({ now: new Date('2090-01-01'), shouldAdvanceTime: true })`,
  `vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance', 'queueMicrotask', 'hrtime'] })`,
];

const passed = (count: number): RegExp => new RegExp(`Tests:?\\s+${count} passed`);

it('work under jest: of each kind, before and after an environment is made, and for all files', async () => {
  const project = (name: string, more: string): string =>
    `{ preset: 'temporal-replay', displayName: '${name}', testMatch: ['**/${name}.test.ts']${more} }`;
  const service = writeService({
    'package.json': '{ "name": "service", "private": true }',
    'jest.config.js': `module.exports = { testTimeout: 30000, projects: [
  ${project('each', '')}, ${project('all', ', fakeTimers: { enableGlobally: true }')},
  ${project('legacy', ', fakeTimers: { enableGlobally: true, legacyFakeTimers: true }')}, ${project('before', '')} ] };\n`,
    'src/workflows.ts': WORKFLOWS,
    'src/each.test.ts': ONE_ENVIRONMENT('jest', JEST_KINDS),
    'src/before.test.ts': BEFORE(`jest.useFakeTimers({ now: new Date('2020-01-01') })`),
    'src/all.test.ts': BEFORE(''),
    'src/legacy.test.ts': ONE_ENVIRONMENT('jest', ['']),
  });

  const { output } = await runSuite(service, [JEST, '--runInBand']);

  expect(output).toMatch(passed(JEST_KINDS.length + 3 + 3 + 1));
});

describe('under vitest', () => {
  const CONFIG = (more = '') =>
    `import { temporalReplay } from 'temporal-replay/vitest';\nexport default { plugins: [temporalReplay()], test: { globals: true, ${more} } };\n`;
  const files = {
    'package.json': '{ "name": "service", "private": true, "type": "module" }',
    'src/workflows.ts': WORKFLOWS,
  };

  it('work of each kind, before and after an environment is made', async () => {
    const service = writeService({
      ...files,
      'vitest.config.ts': CONFIG(),
      'src/each.test.ts': ONE_ENVIRONMENT('vi', VITEST_KINDS),
      'src/before.test.ts': BEFORE(`vi.useFakeTimers({ now: new Date('2020-01-01') })`),
    });

    const { output } = await runSuite(service, [VITEST, 'run', '--no-file-parallelism']);

    expect(output).toMatch(passed(VITEST_KINDS.length + 3));
  });

  it('fail at once, with the cause, if they stop Node itself or come before this library', async () => {
    const service = writeService({
      ...files,
      'vitest.config.ts': CONFIG(`pool: 'threads'`),
      'src/ticks.test.ts': `${IMPORTS}
afterEach(() => void vi.useRealTimers());
it('opens', async () => {
  vi.useFakeTimers({ toFake: ['nextTick'] });
  await expect(open()).rejects.toThrow('process.nextTick is fake');
});
it('executes', async () => {
  const env = await open();
  vi.useFakeTimers({ toFake: ['nextTick'] });
  await expect(env.execute('trial', { args: ['a'] })).rejects.toThrow('process.nextTick is fake');
});
`,
      'src/early.test.ts': `it('opens', async () => {
  const { createRequire } = await import('node:module');
  const require = createRequire(import.meta.url);
  const clock = require('@sinonjs/fake-timers').install();
  for (const path of Object.keys(require.cache)) if (path.includes('/lib/testing/')) delete require.cache[path];
  const { createTestEnvironment } = require('temporal-replay/testing');
  await expect(createTestEnvironment()).rejects.toThrow('were fake before temporal-replay was loaded');
  clock.uninstall();
});
`,
    });

    const { output } = await runSuite(service, [VITEST, 'run', '--no-file-parallelism']);

    expect(output).toMatch(passed(3));
  });
});

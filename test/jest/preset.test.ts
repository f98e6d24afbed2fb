/** Services of users with `preset: 'temporal-replay'`, run by jest as a process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../helpers/replay-cli';
import {
  ACTIVITIES,
  installJest29,
  isListening,
  JEST,
  RECEIPT,
  runSuite,
  type SuiteRun,
  WORKFLOWS,
  writeService,
} from '../helpers/test-service';

const CONFIG = { 'jest.config.js': `module.exports = { preset: 'temporal-replay' };\n` };

const GREEN = `import { createTestEnvironment, type TestEnvironment } from 'temporal-replay/testing';
import * as activities from './activities';
import { order } from './workflows';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  console.log('server ' + env.client.connection.options.address);
});

it('charges after three days', async () => {
  expect(await env.execute(order, { args: ['o1'] })).toBe('real o1');
});
`;

const RED = `import { createTestEnvironment, describeReplay, recordHistory, type TestEnvironment } from 'temporal-replay/testing';
import * as activities from './activities';
import { receipt } from './receipt';
import { fickle, order, throws } from './workflows';

jest.mock('./receipt');

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  console.log('server ' + env.client.connection.options.address);
});
beforeEach(() => jest.mocked(receipt).mockReturnValue('mocked'));

it('has the matchers', async () => {
  const handle = await env.start(order, { args: ['quiet'] });
  expect(await handle.result()).toBe('mocked');
  await expect(handle).toReplay();
  await expect(handle).toHaveActivity('charge', { times: 1, input: { id: 'quiet', cents: expect.any(Number) } });
  await recordHistory(handle, 'charged');
});
it('fails by itself', async () => {
  const handle = await env.start(order, { args: ['loud'] });
  await handle.result();
  await expect(handle).toHaveTimer('2 days');
});
it('is not deterministic', async () => {
  await env.execute(fickle);
});
it('is not deterministic in an environment of its own', async () => {
  await using own = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  await own.execute(fickle);
});
it('throws', async () => {
  await env.execute(throws);
});
it('goes on after a workflow that failed', async () => {
  await env.execute(order, { args: ['after'] });
});
describeReplay('histories', { workflowsPath: 'src/workflows.ts', histories: 'recorded' });
`;

const MOCKED = `import { createTestEnvironment } from 'temporal-replay/testing';
import * as activities from './activities';
import { order } from './workflows';

jest.mock('./workflows', () => ({ ...jest.requireActual('./workflows') }));

it('mocks a module of the workflow code', async () => {
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  expect(await env.execute(order, { args: ['o1'] })).toBe('real o1');
});
it('forgets a mock', async () => {
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities: {} });
  await env.execute(order, { args: ['forgotten'] });
});
`;

const SERVICE = {
  'src/workflows.ts': WORKFLOWS,
  'src/activities.ts': ACTIVITIES,
  'src/receipt.ts': RECEIPT,
};

const serversIn = ({ output }: SuiteRun): string[] =>
  [...output.matchAll(/server (\S+:\d+)/g)].map(([, address]) => address!);

describe('a CommonJS service in TypeScript', () => {
  let run: SuiteRun;
  beforeAll(async () => {
    const service = writeService({
      ...SERVICE,
      ...CONFIG,
      'package.json': '{ "name": "service", "private": true }',
      'src/green.test.ts': GREEN,
      'src/red.test.ts': RED,
      'src/mocked.test.ts': MOCKED,
    });
    run = await runSuite(service, [JEST, '--verbose', '--runInBand', '--detectOpenHandles']);
  });

  it('passes correct tests, also with mocked modules', () => {
    expect(run.output).toContain('PASS src/green.test.ts');
    expect(run.output).toContain('✓ has the matchers');
    expect(run.output).toContain('✓ goes on after a workflow that failed');
  });

  it('shares one server between test files, and stops it', async () => {
    const servers = serversIn(run);

    expect(servers).toHaveLength(2);
    expect(new Set(servers).size).toBe(1);
    expect(await isListening(servers[0]!)).toBe(false);
  });

  it('exits by itself, with no open handles', () => {
    expect(run.output).not.toContain('did not exit');
    expect(run.output).not.toContain('open handle');
  });

  it('prints the logs of failing tests only', () => {
    expect(run.output).toMatch(/INFO {2}charging {"id":"loud"} {2}\(order test-/);
    expect(run.output).not.toContain('"id":"quiet"');
    expect(run.output).not.toContain('"id":"o1"');
  });

  it('prints the history if a matcher fails', () => {
    expect(run.output).toMatch(/Expected test-\S+ to have a timer of 2 days\.\s+Its timers: 3d/);
    expect(run.output).toMatch(/✓ timer 3 days/);
  });

  it('fails a test whose workflow does not replay, with the diagnosis', () => {
    expect(run.output).toContain('✕ is not deterministic (');
    expect(run.output).toContain('✕ is not deterministic in an environment of its own');
    expect(run.output).toContain('The workflow code does other things on replay than when it ran.');
    expect(run.output).toMatch(/where {5}src\/workflows\.ts:1\d:\d+ \(fickle\)/);
  });

  it('reports a failed workflow task once, in the test that ran it', () => {
    expect(run.output).toContain('at throws (src/workflows.ts:22:');
    expect(run.output.match(/● throws$/gm)).toHaveLength(1);
  });

  it('fails a describeReplay without histories', () => {
    expect(run.output).toContain('✕ has histories');
    expect(run.output).toContain('There are no histories in recorded.');
  });

  it('warns of module mocks that do not reach the workflow code, and of no others', () => {
    const warnings = run.output.match(/temporal-replay: .*does not reach workflow code.*/g);

    expect(warnings).toHaveLength(1);
    expect(warnings![0]).toContain(
      "jest.mock('./workflows') does not reach workflow code, which has src/workflows.ts",
    );
  });

  it('shows the line of the test that has forgotten a mock, and none of this library', () => {
    expect(run.output).toMatch(/Workflow execution failed: The workflow called the activity charge\(/);
    expect(run.output).toMatch(/> 13 \|\s+await env\.execute\(order/);
    expect(run.output).not.toMatch(/activity-runner|await-server-call/);
  });

  it('reports the expected numbers of tests', () => {
    expect(run.output).toContain('Tests:       6 failed, 4 passed, 10 total');
    expect(run.code).toBe(1);
  });
});

describe('README.md', () => {
  it('shows a test that is green', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [, shown] = /```ts\n(import \{ createTestEnvironment[^]*?)```/.exec(readme)!;
    const service = writeService({
      ...CONFIG,
      'package.json': '{ "name": "service", "private": true }',
      'src/trial.test.ts': shown!,
      'src/workflows.ts': `import { proxyActivities, sleep } from '@temporalio/workflow';

const { chargeCard } = proxyActivities<{ chargeCard(id: string): Promise<string> }>({ startToCloseTimeout: '1m' });

export async function trial(customerId: string): Promise<string> {
  await sleep('30 days');
  return chargeCard(customerId);
}
`,
    });

    const run = await runSuite(service, [JEST]);

    expect(run.output).toContain('Tests:       1 passed, 1 total');
  });
});

describe('a user global setup that calls the one of the preset', () => {
  it('shares servers between test files', async () => {
    const service = writeService({
      ...SERVICE,
      'package.json': '{ "name": "service", "private": true }',
      'jest.config.js': `module.exports = { preset: 'temporal-replay', globalSetup: './setup.js' };\n`,
      'setup.js': `const { globalSetup } = require('temporal-replay/jest-preset');
module.exports = async () => require(globalSetup).default();
`,
      'src/one.test.ts': GREEN,
      'src/two.test.ts': GREEN,
    });

    const run = await runSuite(service, [JEST, '--runInBand']);

    expect(new Set(serversIn(run)).size).toBe(1);
    expect(run.output).toContain('Tests:       2 passed, 2 total');
  });
});

describe('jest 29', () => {
  it('runs the same suite, and knows `await using`', async () => {
    const service = writeService({
      ...SERVICE,
      ...CONFIG,
      'package.json': '{ "name": "service", "private": true }',
      'src/green.test.ts': `${GREEN}
it('has an environment of its own', async () => {
  await using own = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  expect(typeof own[Symbol.asyncDispose]).toBe('function');
});
it('disposes of what Node has made', () => {
  let ended = '';
  {
    using timer = setTimeout(() => (ended = 'by time'), 0);
    using other = { [Symbol.dispose]: () => (ended = 'at the end') };
  }
  expect(ended).toBe('at the end');
});
`,
    });

    const run = await runSuite(service, [await installJest29(), '--runInBand', '--detectOpenHandles']);

    expect(run.output).toContain('Tests:       3 passed, 3 total');
    expect(run.output).not.toMatch(/did not exit|open handle/);
    expect(run.code).toBe(0);
  });
});

describe('an ES module service in TypeScript', () => {
  const service = (): string =>
    writeService({
      ...SERVICE,
      'src/workflows.ts': WORKFLOWS.replace("'./activities'", "'./activities.js'"),
      'src/activities.ts': ACTIVITIES.replace("'./receipt'", "'./receipt.js'"),
      'jest.config.js': `export default { preset: 'temporal-replay' };\n`,
      'package.json': '{ "name": "service", "private": true, "type": "module" }',
      'src/green.test.ts': `const kind = typeof require === 'undefined' ? 'ES module' : 'CommonJS';
console.log('runs as ' + kind + ' from ' + import.meta.url);
${GREEN.replace("'./activities'", "'./activities.js'").replace("'./workflows'", "'./workflows.js'")}`,
    });

  it.each([
    ['ES modules where Node can', '--experimental-vm-modules', 'runs as ES module'],
    ['CommonJS where it cannot', '', 'runs as CommonJS'],
  ])('runs as %s', async (_, options, said) => {
    const run = await runSuite(service(), [JEST], { NODE_OPTIONS: options });

    expect(run.output).toContain(said);
    expect(run.output).toContain('Tests:       1 passed, 1 total');
    expect(run.code).toBe(0);
  });
});

describe('a CommonJS service in JavaScript with its own global setup', () => {
  it('has a test worker for each file', async () => {
    const service = writeService({
      'package.json': '{ "name": "service", "private": true }',
      'jest.config.js': `module.exports = { preset: 'temporal-replay', globalSetup: './setup.js', globalTeardown: './setup.js' };\n`,
      'setup.js': 'module.exports = async () => {};\n',
      'src/workflows.js': `const { sleep } = require('@temporalio/workflow');
exports.waits = async () => { await sleep('1 day'); return 'waited'; };
`,
      'src/green.test.js': `const { createTestEnvironment } = require('temporal-replay/testing');
it('waits', async () => {
  const env = await createTestEnvironment({ workflowsPath: 'src/workflows.js' });
  console.log('server ' + env.client.connection.options.address);
  expect(await env.execute('waits')).toBe('waited');
});
`,
    });

    const run = await runSuite(service, [JEST]);

    expect(run.output).toContain('Tests:       1 passed, 1 total');
    expect(run.output).not.toContain('did not exit');
    expect(await isListening(serversIn(run)[0]!)).toBe(false);
  });
});

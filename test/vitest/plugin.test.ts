/** A service of a user with the plugin of `temporal-replay/vitest`, run by vitest as a process. */
import {
  ACTIVITIES,
  isListening,
  RECEIPT,
  runSuite,
  type SuiteRun,
  VITEST,
  WORKFLOWS,
  writeService,
} from '../helpers/test-service';

const ENVIRONMENT = `import { beforeAll, expect, it } from 'vitest';
import { createTestEnvironment, describeReplay, recordHistory, type TestEnvironment } from 'temporal-replay/testing';
import * as activities from './activities.js';
import { fickle, order } from './workflows.js';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  console.log('server ' + env.client.connection.options.address);
});
`;

describe('a service with vitest', () => {
  let run: SuiteRun;
  beforeAll(async () => {
    const service = writeService({
      'package.json': '{ "name": "service", "private": true, "type": "module" }',
      'vitest.config.ts': `import { defineConfig } from 'vitest/config';
import { temporalReplay } from 'temporal-replay/vitest';

export default defineConfig({ plugins: [temporalReplay()] });
`,
      'src/workflows.ts': WORKFLOWS,
      'src/activities.ts': ACTIVITIES,
      'src/receipt.ts': RECEIPT,
      'src/green.test.ts': `import { vi } from 'vitest';
${ENVIRONMENT}
vi.mock(import('./workflows.js'), async (load) => ({ ...(await load()) }));
it('has the matchers', async () => {
  const handle = await env.start(order, { args: ['quiet'] });
  expect(await handle.result()).toBe('real quiet');
  await expect(handle).toReplay();
  await expect(handle).toHaveActivity('charge', { times: 1, input: { id: 'quiet', cents: expect.any(Number) } });
  await expect(handle).toHavePatch('grace');
  const recorded = await recordHistory(handle, 'charged');
  expect(recorded.outcome).toBe('new');
});
`,
      'src/red.test.ts': `${ENVIRONMENT}
it('fails by itself', async () => {
  const handle = await env.start(order, { args: ['loud'] });
  await handle.result();
  await expect(handle).toHaveActivity('ship');
});
it('is not deterministic', async () => {
  await env.execute(fickle);
});
describeReplay('histories', { workflowsPath: 'src/workflows.ts', histories: 'recorded' });
`,
    });
    run = await runSuite(service, [VITEST, 'run', '--no-file-parallelism', '--reporter=verbose']);
  });

  it('has the matchers, and reports the expected numbers of tests', () => {
    expect(run.output).toMatch(/✓ src\/green\.test\.ts > has the matchers/);
    expect(run.output).toMatch(/Tests {2}3 failed \| 1 passed \(4\)/);
    expect(run.code).toBe(1);
  });

  it('shares one server between test files, and stops it', async () => {
    const servers = [...run.output.matchAll(/server (\S+:\d+)/g)].map(([, address]) => address!);

    expect(servers).toHaveLength(2);
    expect(new Set(servers).size).toBe(1);
    expect(await isListening(servers[0]!)).toBe(false);
    expect(run.output).not.toMatch(/close timed out|hanging/i);
  });

  it('warns of a module mock that does not reach the workflow code', () => {
    expect(run.output).toContain("vi.mock('./workflows.js') does not reach workflow code");
  });

  it('prints the logs of failing tests only', () => {
    expect(run.output).toMatch(/INFO {2}charging {"id":"loud"}/);
    expect(run.output).not.toContain('"id":"quiet"');
  });

  it('fails a test whose workflow does not replay, with the diagnosis', () => {
    expect(run.output).toContain('The workflow code does other things on replay than when it ran.');
    expect(run.output).toMatch(/where {5}src\/workflows\.ts:1\d:\d+ \(fickle\)/);
  });

  it('fails a describeReplay without histories', () => {
    expect(run.output).toContain('There are no histories in recorded.');
  });
});

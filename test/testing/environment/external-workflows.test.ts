import { join } from 'node:path';
import { createTestEnvironment, type TestEnvironment } from '../../../lib/testing';
import type * as workflows from '../../services/mocks/workflows';

const workflowsPath = join(__dirname, '../../services/mocks/workflows.ts');

describe('a mocked external workflow', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ workflowsPath, stallTimeout: '20s' });
  });
  afterAll(() => env.teardown());
  const direct = (workflowId: string) =>
    env.execute<typeof workflows.directsExternal>('directsExternal', { args: [workflowId] });

  it('accepts signals and cancellation requests, which the test can read', async () => {
    const warehouse = await env.mockExternalWorkflow('warehouse');

    expect(await warehouse.isCancelRequested()).toBe(false);
    expect(await direct('warehouse')).toBe('done');
    expect(await warehouse.signals()).toEqual([
      { workflowId: 'warehouse', name: 'pack', args: ['large box'] },
    ]);
    expect(await warehouse.isCancelRequested()).toBe(true);
  });

  it('makes signals to it fail after end()', async () => {
    const warehouse = await env.mockExternalWorkflow('closed-warehouse');

    await warehouse.end();

    expect(await direct('closed-warehouse')).toMatch(/Error|Failure/);
    expect(await warehouse.signals()).toEqual([]);
  });

  it('does not make the runs that signal it incompatible on replay', async () => {
    await expect(env.replayRuns()).resolves.toBeUndefined();
  });
});

/** A test environment runs workflows with the options of the service's own worker. */
import { join } from 'node:path';
import { createTestEnvironment, type TestEnvironment } from '../../../lib/testing';
import type * as workflows from '../../services/worker-options/workflows';

describe('a test environment that is given the module of a worker', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({
      worker: join(__dirname, '../../services/worker-options/worker-options.ts'),
    });
  });
  afterAll(() => env.teardown());

  it('runs the workflow code with the plugins and codecs of the worker, and replays it', async () => {
    const result = await env.execute<typeof workflows.order>('order', { args: [['a', 'b']] });

    expect(result).toMatch(/: a, b$/);
    await expect(env.replayRuns()).resolves.toBeUndefined();
  });

  it('fails a workflow with an error that the worker lists as such', async () => {
    const result = env.execute<typeof workflows.order>('order', { args: [[]] });

    await expect(result).rejects.toMatchObject({ cause: { message: 'none left' } });
  });
});

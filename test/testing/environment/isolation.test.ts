import { join } from 'node:path';
import { createTestEnvironment } from '../../../lib/testing';
import { ISOLATION_SERVICE, writeSharingBundle } from '../../helpers/isolation-service';
import { scratchDirectory } from '../../helpers/replay-cli';

const activities = { note: async () => undefined, quick: async (text: string) => text };

describe('a test environment', () => {
  it('keeps the module state of workflows apart, whatever the bundle does', async () => {
    const bundle = await writeSharingBundle(scratchDirectory());
    const env = await createTestEnvironment({ bundle, activities });

    const first = await env.execute('booking', { args: ['b1'] });
    const second = await env.execute('booking', { args: ['b2'] });

    expect([first, second]).toEqual([2, 2]);
    await expect(env.replayRuns()).resolves.toBeUndefined();
    await env.teardown();
  });

  it('runs code that extends frozen globals in contexts of its own, and logs a warning', async () => {
    const workflowsPath = join(ISOLATION_SERVICE, 'container.ts');
    const env = await createTestEnvironment({ workflowsPath, activities });

    const result = await env.execute('withContainer');

    expect(result).toBe('yes r');
    expect(env.logs).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: expect.stringMatching(/reuseV8Context: false.*object is not extensible/),
      }),
    );
    await env.teardown();
  });
});

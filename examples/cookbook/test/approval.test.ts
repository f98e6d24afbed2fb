import { createTestEnvironment, type TestEnvironment } from 'temporal-replay/testing';
import { approve, expense, status } from '../src/workflows';

describe('an expense', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts' });
  });

  it('is approved by a person', async () => {
    const handle = await env.start(expense, { args: [900] });
    await env.sleep('2 days');

    await handle.signal(approve, 'Ada');

    await handle.waitFor(status, (is) => is === 'approved');
    expect(await handle.result()).toBe('900 approved by Ada');
  });

  it('expires after three days', async () => {
    expect(await env.execute(expense, { args: [900] })).toBe('expired');
  });
});

import { join } from 'node:path';
import { createTestEnvironment, type TestEnvironment } from '../../../../lib/testing';
import * as activities from './activities';
import type * as workflows from './workflows';

describe('order', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ workflowsPath: join(__dirname, 'workflows.ts'), activities });
  });
  afterAll(() => env.teardown());

  it('charges what is due', async () => {
    const result = await env.execute<typeof workflows.order>('order', { args: [{ cents: 100, note: 'hi' }] });

    expect(result).toBe('charged 100 (hi)');
  });
});

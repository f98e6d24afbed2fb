import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { workflowTypesOf } from '../../src/sdk/workflow-types';
import { scratchDirectory } from '../helpers/replay-cli';

async function bundleOf(source: string): Promise<string> {
  const workflowsPath = join(scratchDirectory(), 'workflows.ts');
  writeFileSync(workflowsPath, source);
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  return code;
}

describe('workflowTypesOf', () => {
  it("lists the functions that a bundle of the SDK's exports, sorted, and nothing else", async () => {
    const code = await bundleOf(`
      const local = new (globalThis as any).AsyncLocalStorage();
      export async function ship() { return local.getStore(); }
      export const order = async () => new TextEncoder().encode('');
      export const LIMIT = 3;
      export default async function () {}
    `);

    expect(workflowTypesOf(code, 'bundle.js')).toEqual(['default', 'order', 'ship']);
  });

  it('throws the error that the workflow code throws while it loads', async () => {
    const code = await bundleOf("throw new Error('not configured'); export async function order() {}");

    expect(() => workflowTypesOf(code, 'bundle.js')).toThrow('not configured');
  });

  it('throws for code that is not a workflow bundle', () => {
    expect(() => workflowTypesOf('globalThis.x = 1', 'x.js')).toThrow(
      'it is not a bundle of bundleWorkflowCode',
    );
  });
});

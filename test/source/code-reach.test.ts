import { CodeReach } from '../../lib/source/code-reach';
import { parsedModules } from '../helpers/parsed-modules';

/** Returns the exported names that a name exported by `/src/workflows.ts` may run. */
function reachOf(files: Record<string, string>, name: string): string[] | null {
  const { modules, access } = parsedModules(
    Object.fromEntries(Object.entries(files).map(([file, text]) => [`/src/${file}`, text])),
  );
  const found = new CodeReach(access).of(access.read('/src/workflows.ts')!, name);
  if (found === null) return null;
  const names = modules.flatMap(({ path, program }) =>
    program.body.flatMap((statement) => {
      const text = files[path.slice('/src/'.length)]!.slice(...statement.range);
      const declared = /(?:function|const|class) (\w+)/.exec(text)?.[1];
      return found.has(statement) && declared ? [declared] : [];
    }),
  );
  return names.sort();
}

describe('CodeReach', () => {
  it('finds the functions that a workflow calls, and not those of others in the same files', () => {
    const files = {
      'workflows.ts': `import { charge } from './payments';
        const local = () => charge();
        export async function order() { await local(); }
        export async function reminder() { other(); }
        function other() {}`,
      'payments.ts': `export function charge() { return fee; }
        const fee = 1;
        export function refund() { return fee; }`,
    };

    expect(reachOf(files, 'order')).toEqual(['charge', 'fee', 'local', 'order']);
    expect(reachOf(files, 'reminder')).toEqual(['other', 'reminder']);
  });

  it('follows exports that pass on the code of others', () => {
    const files = {
      'workflows.ts': `export * from './order'; export { refundOrder as refund } from './refund';`,
      'order.ts': `import * as steps from './steps'; export const order = async () => steps.pay();`,
      'steps.ts': `export function pay() {} export function ship() {}`,
      'refund.ts': `function refundOrder() {} function another() {} export { refundOrder, another };`,
    };

    expect(reachOf(files, 'order')).toEqual(['order', 'pay']);
    expect(reachOf(files, 'refund')).toEqual(['refundOrder']);
  });

  it('does not take a workflow that is started as a child for code of its parent', () => {
    const files = {
      'workflows.ts': `import * as wf from '@temporalio/workflow'; import { child } from './child';
        export async function order() { await wf.executeChild(child, { args: [] }); await next(); }
        const next = () => wf.continueAsNew<typeof child>();`,
      'child.ts': `export async function child() {}`,
    };

    expect(reachOf(files, 'order')).toBeNull();
    const known = files['workflows.ts'].replace('@temporalio/workflow', 'node:fs');
    expect(reachOf({ ...files, 'workflows.ts': known }, 'order')).toEqual(['next', 'order']);
  });

  it('takes in what runs when a module is loaded, since it may register functions', () => {
    const files = {
      'workflows.ts': `import './registry'; import { steps } from './steps';
        export async function order() { steps.get('pay')(); }`,
      'steps.ts': `export const steps = new Map();`,
      'registry.ts': `import { steps } from './steps'; function pay() {} steps.set('pay', pay);`,
    };

    expect(reachOf(files, 'order')).toEqual(['order', 'pay', 'steps']);
  });

  it('knows nothing if an import leads to a module that is neither known nor a package', () => {
    const files = { 'workflows.ts': `import { x } from '@app/x'; export function order() { x(); }` };

    expect(reachOf(files, 'order')).toBeNull();
  });

  it('knows that packages and types do not call the code by name', () => {
    const files = {
      'workflows.ts': `import { sleep } from '@temporalio/workflow'; import type { T } from '@app/types';
        export async function order(x: T) { await sleep(1); }`,
    };
    const here = { 'workflows.ts': files['workflows.ts'].replace('@temporalio/workflow', 'node:path') };

    expect(reachOf(here, 'order')).toEqual(['order']);
  });
});

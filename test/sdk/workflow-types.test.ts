import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AsyncLocalStorage } from 'node:async_hooks';
import vm from 'node:vm';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { sandboxGlobals, workflowTypesOf } from '../../src/sdk/workflow-types';
import { scratchDirectory } from '../helpers/replay-cli';

async function bundleOf(source: string, interceptors?: string): Promise<string> {
  const directory = scratchDirectory();
  const workflowsPath = join(directory, 'workflows.ts');
  writeFileSync(workflowsPath, source);
  if (interceptors !== undefined) writeFileSync(join(directory, 'interceptors.ts'), interceptors);
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: interceptors === undefined ? [] : [join(directory, 'interceptors.ts')],
    logger: new DefaultLogger('ERROR'),
  });
  return code;
}

describe('workflowTypesOf', () => {
  it("lists the functions that a bundle of the SDK's exports, sorted, and nothing else", async () => {
    const code = await bundleOf(`
      const local = new (globalThis as any).AsyncLocalStorage();
      export async function ship() { return local.getStore(); }
      export const order = async () => new TextEncoder().encode('');
      export function refund(this: unknown) { return Promise.resolve(); }
      export const LIMIT = 3;
      export default async function () {}
    `);

    expect(workflowTypesOf(code, 'bundle.js')).toEqual(['default', 'order', 'refund', 'ship']);
  });

  it('leaves out functions that no worker runs as workflows', async () => {
    const code = await bundleOf(`
      import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
      export class OutOfStock extends Error {}
      export class Empty {}
      // The output of a compiler for a class, before classes were part of JavaScript.
      export const Compiled = (() => { function Compiled() {} Compiled.prototype.method = () => 1; return Compiled; })();
      export const interceptors = () => ({ inbound: [] });
      export const { charge } = proxyActivities<{ charge(): Promise<void> }>({ startToCloseTimeout: 1 });
      export const { refund } = proxyLocalActivities<{ refund(): Promise<void> }>({ startToCloseTimeout: 1 });
      export async function shop() {}
    `);

    expect(workflowTypesOf(code, 'bundle.js')).toEqual(['shop']);
  });

  it('loads code that needs a run, as a worker does', async () => {
    const code = await bundleOf(`
      import { inWorkflowContext, log, patched, random, sleep, uuid4, workflowInfo } from '@temporalio/workflow';
      if (!inWorkflowContext()) throw new Error('no workflow');
      export const YEAR = new Date().getFullYear() + Date.now() + Math.random();
      export const ID = uuid4();
      export const { workflowId, taskQueue, startTime, unsafe } = workflowInfo();
      export const NOW = startTime.getTime() + unsafe.now();
      log.info('loaded');
      console.log('loaded');
      export const timer = sleep(1);
      setTimeout(() => undefined, 1);
      export const symbol = { [Symbol.dispose]() {} };
      export async function invoice() {}
    `);

    expect(workflowTypesOf(code, 'bundle.js')).toEqual(['invoice']);
  });

  it('loads interceptors first, which may set globals, and does not call them', async () => {
    const code = await bundleOf(
      `const { timeOrigin } = performance; export async function observed() { return timeOrigin; }`,
      `import { workflowInfo } from '@temporalio/workflow';
       Object.assign(globalThis, { performance: { timeOrigin: Date.now() } });
       export const interceptors = () => { throw new Error('It is no run of ' + workflowInfo().workflowType); };`,
    );

    expect(workflowTypesOf(code, 'bundle.js')).toEqual(['observed']);
  });

  it('loads the modules without a run if initRuntime does not work as it is known', () => {
    const code = `__TEMPORAL__ = {
      api: { initRuntime() { throw new Error('unknown options'); } },
      importWorkflows: () => ({ async order() {} }),
    };`;

    expect(workflowTypesOf(code, 'bundle.js')).toEqual(['order']);
  });

  it('throws the error that the workflow code throws while it loads', async () => {
    const code = await bundleOf("throw new Error('not configured'); export async function order() {}");

    expect(() => workflowTypesOf(code, 'bundle.js')).toThrow('not configured');
  });

  it('throws for code that awaits at its top level, which no worker can load', async () => {
    const code = await bundleOf('await Promise.resolve(); export async function order() {}');

    expect(() => workflowTypesOf(code, 'bundle.js')).toThrow('the workflow code uses await at its top level');
  });

  it('throws for code that is not a workflow bundle', () => {
    expect(() => workflowTypesOf('globalThis.x = 1', 'x.js')).toThrow(
      'it is not a bundle of bundleWorkflowCode',
    );
  });

  it("has the globals of the SDK's sandbox", () => {
    const { injectGlobals } = jest.requireActual<{ injectGlobals: (context: object) => void }>(
      '@temporalio/worker/lib/workflow/vm-shared',
    );
    const context = vm.createContext({});
    injectGlobals(context);

    const own = { ...sandboxGlobals() } as Record<string, unknown>;
    delete own['__webpack_module_cache__'];
    expect(Object.keys(own).sort()).toEqual(Object.getOwnPropertyNames(context).sort());
    expect(own['AsyncLocalStorage']).toBe(AsyncLocalStorage);
  });
});

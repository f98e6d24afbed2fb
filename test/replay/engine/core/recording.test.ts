/** Tests of the SDK's internals that `src/sdk/worker-class.ts`, `src/sdk/promise-hook.ts` and `src/sdk/sandbox-timeouts.ts` rely on. */
import { Worker } from '@temporalio/worker';

const requireInternal = (id: string): Record<string, Record<string, unknown>> =>
  require(id) as Record<string, Record<string, unknown>>;

describe('the internals of @temporalio/worker that recording relies on', () => {
  it('create workflows through the static method that is overridden', () => {
    const internals = Worker as unknown as { createWorkflowCreator: unknown };

    expect(typeof internals.createWorkflowCreator).toBe('function');
    expect((internals.createWorkflowCreator as (...args: unknown[]) => unknown).length).toBe(3);
  });

  it('install and stop the promise hook through methods of one object', () => {
    const { globalHandlers } = requireInternal('@temporalio/worker/lib/workflow/vm-shared');

    expect(typeof globalHandlers!['setPromiseHook']).toBe('function');
    expect(typeof globalHandlers!['stopPromiseHook']).toBe('function');
  });

  it.each([
    ['reusable-vm', 'ReusableVMWorkflowCreator'],
    ['vm', 'VMWorkflowCreator'],
  ])('read the timeout of each entry into the sandbox when %s makes a workflow', (module, name) => {
    const creator = requireInternal(`@temporalio/worker/lib/workflow/${module}`)[name] as unknown as {
      prototype: { createWorkflow(): unknown };
    };

    expect(creator.prototype.createWorkflow.toString()).toMatch(/isolateExecutionTimeoutMs.*\bthis\b/);
  });
});

/** Holds what `src/replay/recording.ts` relies on in the SDK: a failure here after an upgrade points at that module. */
import { Worker } from '@temporalio/worker';

const requireInternal = (id: string): Record<string, Record<string, unknown>> =>
  require(id) as Record<string, Record<string, unknown>>;

describe('the internals of @temporalio/worker that recording relies on', () => {
  it('creates workflows through the static method that is overridden', () => {
    const internals = Worker as unknown as { createWorkflowCreator: unknown };

    expect(typeof internals.createWorkflowCreator).toBe('function');
    expect((internals.createWorkflowCreator as (...args: unknown[]) => unknown).length).toBe(3);
  });

  it('installs the promise hook through a method of one object', () => {
    const { globalHandlers } = requireInternal('@temporalio/worker/lib/workflow/vm-shared');

    expect(typeof globalHandlers!['setPromiseHook']).toBe('function');
  });

  it('takes the vm timeout as the second argument of the reusable creator', () => {
    const { ReusableVMWorkflowCreator } = requireInternal('@temporalio/worker/lib/workflow/reusable-vm');
    const create = ReusableVMWorkflowCreator!['create'] as (...args: unknown[]) => unknown;

    expect(create.toString()).toMatch(
      /^async create\(workflowBundle, isolateExecutionTimeoutMs, registeredActivityNames/,
    );
  });
});

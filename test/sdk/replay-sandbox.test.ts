/** Tests of the SDK's internals that `src/sdk/replay-sandbox.ts` relies on. */
describe('the internals of @temporalio/worker that the sandbox of the screen relies on', () => {
  it('create a sandbox from a bundle, a timeout, names of activities and a callback for patches', () => {
    const { ReusableVMWorkflowCreator } = require('@temporalio/worker/lib/workflow/reusable-vm') as {
      ReusableVMWorkflowCreator: { create(...args: unknown[]): unknown };
    };

    expect(ReusableVMWorkflowCreator.create.toString()).toMatch(
      /create\(workflowBundle, isolateExecutionTimeoutMs, registeredActivityNames, patchActivationCallback\)/,
    );
  });
});

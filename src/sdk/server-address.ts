import type { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * The address of the server of an environment. Its field `address` came with SDK 1.13; before, only the environment's
 * connection has it (`connection.options.address`, checked on 1.9.0 and 1.11.8). `test/package/sdk-versions.test.ts` runs
 * workflows with the oldest supported SDK.
 */
export function addressOf(environment: TestWorkflowEnvironment): string {
  const { address, connection } = environment as Partial<TestWorkflowEnvironment> & {
    connection: { options?: { address?: string } };
  };
  const known = address ?? connection.options?.address;
  if (known === undefined)
    throw new Error('This version of @temporalio/testing does not tell the address of a server.');
  return known;
}

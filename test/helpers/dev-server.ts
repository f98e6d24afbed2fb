import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { startDevServer } from '../../src/server/start';
import type { DevServerOptions } from '../../src/server/start';

/** A real dev server for one test file, stopped after its last test. */
export function useDevServer(options: DevServerOptions = {}): () => TestWorkflowEnvironment {
  let env: TestWorkflowEnvironment | undefined;
  // The server may have to be installed first.
  beforeAll(async () => {
    env = await startDevServer(options);
  }, 300_000);
  afterAll(async () => {
    await env?.teardown();
  });
  return () => {
    if (env === undefined)
      throw new Error('The dev server starts in beforeAll: call this from within a test.');
    return env;
  };
}

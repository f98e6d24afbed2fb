import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  WorkflowClient,
  type WorkflowResultOptions,
} from '@temporalio/client';
import { InternalConnectionOptionsSymbol } from '@temporalio/client/lib/connection';
import type { LoadedDataConverter, Workflow, WorkflowResultType } from '@temporalio/common';
import type { OpenedServer } from '../test-worker/protocol';

/** Takes part in each wait for a workflow's result. */
export type ResultWait = <T>(
  workflowId: string,
  runId: string | undefined,
  wait: () => Promise<T>,
) => Promise<T>;

/**
 * Connects as the SDK's own `TestWorkflowEnvironment` does (`@temporalio/testing/lib/client.js`, 1.24.0), without loading the
 * worker package: half of a test file's start.
 */
export async function connectTestClient({
  server,
  skipsTime,
  isGone,
}: {
  server: OpenedServer;
  /** Whether it skips time; the connection then has its `testService`. */
  skipsTime: boolean;
  /** Whether the server has ended, so that no call is worth trying again. */
  isGone: () => boolean;
}): Promise<Connection> {
  const retries = defaultGrpcRetryOptions();
  return Connection.connect({
    address: server.address,
    interceptors: [
      makeGrpcRetryInterceptor({
        ...retries,
        retryableDecider: (attempt, status) => !isGone() && retries.retryableDecider(attempt, status),
      }),
    ],
    [InternalConnectionOptionsSymbol]: { supportsTestService: skipsTime },
  } as Parameters<typeof Connection.connect>[0]);
}

/** A client whose waits for results, its handles' included, go through `wait`. */
export function createTestClient(
  connection: Connection,
  { server, converter }: { server: OpenedServer; converter: LoadedDataConverter },
  wait: ResultWait,
): Client {
  const client = new Client({ connection, namespace: server.namespace, dataConverter: converter });
  const options = { ...client.workflow.options, connection };
  Object.assign(client, { workflow: new WatchedWorkflowClient(options, wait) });
  return client;
}

class WatchedWorkflowClient extends WorkflowClient {
  constructor(
    options: ConstructorParameters<typeof WorkflowClient>[0],
    private readonly wait: ResultWait,
  ) {
    super(options);
  }

  override result<T extends Workflow>(
    workflowId: string,
    runId?: string,
    options?: WorkflowResultOptions,
  ): Promise<WorkflowResultType<T>> {
    return this.wait(workflowId, runId, () => super.result<T>(workflowId, runId, options));
  }
}

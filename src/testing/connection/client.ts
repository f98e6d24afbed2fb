import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  WorkflowClient,
  type WorkflowClientInterceptor,
  type WorkflowResultOptions,
  type WorkflowSignalWithStartOptions,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { InternalConnectionOptionsSymbol } from '@temporalio/client/lib/connection';
import type { LoadedDataConverter, WithWorkflowArgs, Workflow, WorkflowResultType } from '@temporalio/common';
import type { OpenedServer, Execution } from '../worker/protocol';

/** A call that the server answers once a workflow has gone on, or time has passed. */
export type AwaitedCall =
  | { kind: 'result'; workflowId: string }
  /** `name` null where it is not known. */
  | { kind: 'update' | 'query'; workflowId: string; name: string | null }
  | { kind: 'sleep'; workflowId: null; name: string };

/** Takes part in each such call. */
export type Watch = <T>(awaited: AwaitedCall, wait: () => Promise<T>) => Promise<T>;

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

export interface ClientListeners {
  watch: Watch;
  /** A run was started by this client. */
  started(run: Execution & { workflowType: string }): void;
}

/** A client whose waits for workflows, those of its handles included, go through `watch`. */
export function createTestClient(
  connection: Connection,
  { server, converter }: { server: OpenedServer; converter: LoadedDataConverter },
  { watch, started }: ClientListeners,
): Client {
  const client = new Client({ connection, namespace: server.namespace, dataConverter: converter });
  const options = { ...client.workflow.options, connection, interceptors: [interceptorOf(watch)] };
  Object.assign(client, { workflow: new WatchedWorkflowClient(options, { watch, started }) });
  return client;
}

const interceptorOf = (watch: Watch): WorkflowClientInterceptor => ({
  startUpdate: (input, next) =>
    watch({ workflowId: input.workflowExecution.workflowId, kind: 'update', name: input.updateName }, () =>
      next(input),
    ),
  startUpdateWithStart: (input, next) =>
    watch({ workflowId: input.workflowStartOptions.workflowId, kind: 'update', name: input.updateName }, () =>
      next(input),
    ),
  query: (input, next) =>
    // Those of the SDK's own have a deadline.
    input.queryType.startsWith('__')
      ? next(input)
      : watch({ workflowId: input.workflowExecution.workflowId, kind: 'query', name: input.queryType }, () =>
          next(input),
        ),
});

class WatchedWorkflowClient extends WorkflowClient {
  constructor(
    options: ConstructorParameters<typeof WorkflowClient>[0],
    private readonly listeners: ClientListeners,
  ) {
    super(options);
  }

  override async start<T extends Workflow>(
    workflow: string | T,
    options: WorkflowStartOptions<T>,
  ): ReturnType<typeof WorkflowClient.prototype.start<T>> {
    const handle = await super.start<T>(workflow, options);
    this.started(workflow, handle.workflowId, handle.firstExecutionRunId);
    return handle;
  }

  override async signalWithStart<T extends Workflow, A extends unknown[]>(
    workflow: string | T,
    options: WithWorkflowArgs<T, WorkflowSignalWithStartOptions<A>>,
  ): ReturnType<typeof WorkflowClient.prototype.signalWithStart<T, A>> {
    const handle = await super.signalWithStart<T, A>(workflow, options);
    this.started(workflow, handle.workflowId, handle.signaledRunId);
    return handle;
  }

  private started(workflow: string | Workflow, workflowId: string, runId: string): void {
    const workflowType = typeof workflow === 'string' ? workflow : workflow.name;
    this.listeners.started({ workflowId, runId, workflowType });
  }

  override result<T extends Workflow>(
    workflowId: string,
    runId?: string,
    options?: WorkflowResultOptions,
  ): Promise<WorkflowResultType<T>> {
    return this.listeners.watch({ workflowId, kind: 'result' }, () =>
      super.result<T>(workflowId, runId, options),
    );
  }

  /** No interceptor sees the wait for the result of an update that was started before. */
  protected override _pollForUpdateOutcome(
    ...[updateId, execution]: Parameters<WorkflowClient['_pollForUpdateOutcome']>
  ): ReturnType<WorkflowClient['_pollForUpdateOutcome']> {
    return this.listeners.watch({ workflowId: execution.workflowId ?? '', kind: 'update', name: null }, () =>
      super._pollForUpdateOutcome(updateId, execution),
    );
  }
}

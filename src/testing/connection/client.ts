import {
  Client,
  type Connection,
  WorkflowClient,
  type WorkflowClientInterceptor,
  type WorkflowResultOptions,
  type WorkflowSignalWithStartOptions,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { LoadedDataConverter, WithWorkflowArgs, Workflow, WorkflowResultType } from '@temporalio/common';
import type { OpenedServer, Execution } from '../worker/protocol';

/** A call that the server answers only after progress of a workflow, or of time. */
export type AwaitedCall =
  | { kind: 'result'; workflowId: string }
  /** `name` is null for an update that is awaited by its id. */
  | { kind: 'update' | 'query'; workflowId: string; name: string | null }
  | { kind: 'sleep'; workflowId: null; name: string };

/** Wraps a call that may never be answered. */
export type GuardCall = <T>(awaited: AwaitedCall, wait: () => Promise<T>) => Promise<T>;

export interface ClientListeners {
  guard: GuardCall;
  /** Called after this client has started a run. */
  started(run: Execution & { workflowType: string }): void;
}

/** Creates a client whose waits for workflows, including those of its handles, go through `guard`. */
export function createTestClient(
  connection: Connection,
  { server, converter }: { server: OpenedServer; converter: LoadedDataConverter },
  { guard, started }: ClientListeners,
): Client {
  const client = new Client({ connection, namespace: server.namespace, dataConverter: converter });
  const options = { ...client.workflow.options, connection, interceptors: [interceptorOf(guard)] };
  Object.assign(client, { workflow: new GuardedWorkflowClient(options, { guard, started }) });
  return client;
}

const interceptorOf = (guard: GuardCall): WorkflowClientInterceptor => ({
  startUpdate: (input, next) =>
    guard({ workflowId: input.workflowExecution.workflowId, kind: 'update', name: input.updateName }, () =>
      next(input),
    ),
  startUpdateWithStart: (input, next) =>
    guard({ workflowId: input.workflowStartOptions.workflowId, kind: 'update', name: input.updateName }, () =>
      next(input),
    ),
  query: (input, next) =>
    // The SDK's own queries have a deadline.
    input.queryType.startsWith('__')
      ? next(input)
      : guard({ workflowId: input.workflowExecution.workflowId, kind: 'query', name: input.queryType }, () =>
          next(input),
        ),
});

class GuardedWorkflowClient extends WorkflowClient {
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
    return this.listeners.guard({ workflowId, kind: 'result' }, () =>
      super.result<T>(workflowId, runId, options),
    );
  }

  /** Guards the wait for an update that was started before, which no interceptor sees. */
  protected override _pollForUpdateOutcome(
    ...[updateId, execution]: Parameters<WorkflowClient['_pollForUpdateOutcome']>
  ): ReturnType<WorkflowClient['_pollForUpdateOutcome']> {
    return this.listeners.guard({ workflowId: execution.workflowId ?? '', kind: 'update', name: null }, () =>
      super._pollForUpdateOutcome(updateId, execution),
    );
  }
}

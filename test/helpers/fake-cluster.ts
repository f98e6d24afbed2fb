import { createRequire } from 'node:module';
import * as proto from '@temporalio/proto';

/** Answer of a fake cluster to one method: bytes, or a gRPC status. */
type Answer = Uint8Array | { code: number; details: string };
/** Answers the call with this number, from 1 on. A promise that stays pending is a call without an answer. */
export type Handler = (call: number, request: Uint8Array) => Answer | Promise<Answer>;

interface GrpcServer {
  register(path: string, handler: unknown, serialize: unknown, deserialize: unknown, type: 'unary'): boolean;
  bindAsync(address: string, credentials: unknown, callback: (err: Error | null, port: number) => void): void;
  forceShutdown(): void;
}

// grpc is no dependency of this package, so the client's own is used.
const grpc = createRequire(require.resolve('@temporalio/client'))('@grpc/grpc-js') as {
  Server: new (options: object) => GrpcServer;
  ServerCredentials: { createInsecure(): unknown };
};

const service = proto.temporal.api.workflowservice.v1;
const { EventType } = proto.temporal.api.enums.v1;
const encoded = service.GetSystemInfoResponse.encode({ serverVersion: '0.0.0' }).finish();

export interface FakeCluster {
  address: string;
  /** Number of calls of each method. */
  calls: Record<string, number>;
  stop: () => void;
}

/** Starts a server that gives the answers of a real one in trouble. */
export async function startFakeCluster(handlers: Record<string, Handler>): Promise<FakeCluster> {
  const server = new grpc.Server({ 'grpc.max_send_message_length': -1 });
  const calls: Record<string, number> = {};
  const same = (value: unknown) => value;
  const all: Record<string, Handler> = { GetSystemInfo: () => encoded, ...handlers };
  for (const [method, handler] of Object.entries(all)) {
    calls[method] = 0;
    const answer = async (
      { request }: { request: Uint8Array },
      done: (err: object | null, value?: Uint8Array) => void,
    ) => {
      const result = await handler(++calls[method]!, request);
      if (result instanceof Uint8Array) done(null, Buffer.from(result));
      else done(result);
    };
    server.register(
      `/temporal.api.workflowservice.v1.WorkflowService/${method}`,
      answer,
      same,
      same,
      'unary',
    );
  }
  const port = await new Promise<number>((done, fail) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (err, bound) =>
      err ? fail(err) : done(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, calls, stop: () => server.forceShutdown() };
}

/** Returns a page of a listing. */
export const listing = (
  ids: { workflowId: string; runId: string }[],
  { type = 'orderWorkflow' }: { type?: string } = {},
): Uint8Array =>
  service.ListWorkflowExecutionsResponse.encode({
    executions: ids.map((execution) => ({ execution, type: { name: type }, status: 2 })),
  }).finish();

/** Returns a page of a history of a completed run. */
export const historyPage = (from: number, to: number, nextPageToken = new Uint8Array()): Uint8Array =>
  service.GetWorkflowExecutionHistoryResponse.encode({
    nextPageToken,
    history: {
      events: Array.from({ length: to - from + 1 }, (_, i) => ({
        eventId: (from + i) as never,
        eventType:
          from + i === 1
            ? EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
            : from + i === to && nextPageToken.length === 0
              ? EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED
              : EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
      })),
    },
  }).finish();

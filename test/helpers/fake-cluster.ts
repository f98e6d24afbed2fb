import { createRequire } from 'node:module';
import * as proto from '@temporalio/proto';

/** Answer of a fake cluster to one method: bytes, or a gRPC status. */
type Answer = Uint8Array | { code: number; details: string };
export type Handler = (call: number) => Answer;

interface GrpcServer {
  register(path: string, handler: unknown, serialize: unknown, deserialize: unknown, type: 'unary'): boolean;
  bindAsync(address: string, credentials: unknown, callback: (err: Error | null, port: number) => void): void;
  forceShutdown(): void;
}

// grpc is no dependency of this package, so the client's own is used.
const grpc = createRequire(require.resolve('@temporalio/client'))('@grpc/grpc-js') as {
  Server: new () => GrpcServer;
  ServerCredentials: { createInsecure(): unknown };
};

const service = proto.temporal.api.workflowservice.v1;
const encoded = service.GetSystemInfoResponse.encode({ serverVersion: '0.0.0' }).finish();

/** Starts a server that gives the answers of a real one in trouble. */
export async function startFakeCluster(handlers: Record<string, Handler>): Promise<{
  address: string;
  calls: Record<string, number>;
  stop: () => void;
}> {
  const server = new grpc.Server();
  const calls: Record<string, number> = {};
  const same = (value: unknown) => value;
  const all: Record<string, Handler> = { GetSystemInfo: () => encoded, ...handlers };
  for (const [method, handler] of Object.entries(all)) {
    calls[method] = 0;
    const answer = (_: unknown, done: (err: object | null, value?: Uint8Array) => void) => {
      const result = handler(++calls[method]!);
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
export const listing = (ids: { workflowId: string; runId: string }[]): Uint8Array =>
  service.ListWorkflowExecutionsResponse.encode({
    executions: ids.map((execution) => ({ execution, type: { name: 'orderWorkflow' }, status: 2 })),
  }).finish();

/** Returns a page of a history of a completed run. */
export const historyPage = (from: number, to: number, nextPageToken = new Uint8Array()): Uint8Array =>
  service.GetWorkflowExecutionHistoryResponse.encode({
    nextPageToken,
    history: {
      events: Array.from({ length: to - from + 1 }, (_, i) => ({
        eventId: (from + i) as never,
        eventType: from + i === to ? 2 : 10,
      })),
    },
  }).finish();

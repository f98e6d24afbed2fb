/** The internals of `Connection` that `src/sdk/connection-calls.ts` relies on. */
import { isGrpcCancelledError, isGrpcServiceError, type Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import {
  connectionThrough,
  passesCalls,
  receiveCalls,
  type ServerAnswer,
  type ServerCall,
} from '../../src/sdk/connection-calls';
import { testServiceOptions } from '../../src/sdk/test-service';

interface ServiceError {
  code: number;
  details: string;
  metadata: { get(name: string): unknown[] };
}
const { GetSystemInfoResponse } = temporal.api.workflowservice.v1;
const address = '127.0.0.1:1';
const info: ServerAnswer = {
  response: GetSystemInfoResponse.encode({ serverVersion: '1.2.3' }).finish(),
};

/** Returns a connection whose calls are recorded, and answered with `answer`. */
function recording(answer: () => Promise<ServerAnswer>): { connection: Connection; calls: ServerCall[] } {
  const calls: ServerCall[] = [];
  const connection = connectionThrough({ address, ...testServiceOptions() }, (call) => {
    calls.push(call);
    return answer();
  });
  return { connection, calls };
}

describe('a connection that passes its calls on', () => {
  it('has them with their service, method, metadata and deadline', async () => {
    const { connection, calls } = recording(async () => info);

    const answer = await connection.withMetadata({ team: 'a' }, () =>
      connection.withDeadline(Date.now() + 5_000, () => connection.workflowService.getSystemInfo({})),
    );
    await connection.testService!.lockTimeSkipping({});

    expect(passesCalls()).toBe(true);
    expect(answer.serverVersion).toBe('1.2.3');
    expect(connection.options.address).toBe(address);
    expect(calls).toMatchObject([
      {
        service: 'temporal.api.workflowservice.v1.WorkflowService',
        method: 'GetSystemInfo',
        metadata: { team: 'a' },
      },
      { service: 'temporal.api.testservice.v1.TestService', method: 'LockTimeSkipping', timeoutMs: null },
    ]);
    expect(calls[0]!.timeoutMs).toBeGreaterThan(0);
    expect(calls[0]!.timeoutMs).toBeLessThanOrEqual(5_000);
  });

  it('fails with errors of gRPC, with their metadata', async () => {
    const headers = { 'grpc-status-details-bin': [Buffer.from('details').toString('base64')] };
    const error = { code: 5, details: 'no such run', message: '5 NOT_FOUND: no such run', headers };
    const { connection } = recording(async () => ({ error }));

    const failure = await connection.workflowService.getSystemInfo({}).catch((err: unknown) => err);

    expect(isGrpcServiceError(failure)).toBe(true);
    const { code, details, metadata } = failure as ServiceError;
    expect({ code, details }).toEqual({ code: 5, details: 'no such run' });
    expect(String(metadata.get('grpc-status-details-bin')[0])).toBe('details');
  });

  it('ends a call at once when it is aborted, and none that begins after that', async () => {
    const abort = new AbortController();
    const pending = recording(() => new Promise<never>(() => undefined));
    const answering = recording(async () => info);

    const call = pending.connection.withAbortSignal(abort.signal, () =>
      pending.connection.workflowService.getSystemInfo({}),
    );
    abort.abort();
    const failure = await call.catch((err: unknown) => err);
    const later = await answering.connection.withAbortSignal(abort.signal, () =>
      answering.connection.workflowService.getSystemInfo({}),
    );

    expect(isGrpcCancelledError(failure)).toBe(true);
    expect(later.serverVersion).toBe('1.2.3');
  });

  it('is ready without a server, and closes', async () => {
    const { connection } = recording(async () => info);

    await connection.ensureConnected();
    await connection.close();
  });
});

describe('a receiver of calls', () => {
  const call: ServerCall = {
    ...{ service: 'temporal.api.workflowservice.v1.WorkflowService', method: 'GetSystemInfo' },
    ...{ request: new Uint8Array(), metadata: { 'a-bin': new Uint8Array([1]) }, timeoutMs: 200 },
  };

  it('answers with the error of a server that cannot be reached', async () => {
    const receiver = receiveCalls({ address, interceptors: [] });

    const answer = await receiver.call(call, new AbortController().signal);
    await receiver.close();

    expect(answer).toMatchObject({ error: { code: expect.any(Number), message: expect.any(String) } });
  });

  it('has no other services than a connection', async () => {
    const receiver = receiveCalls({ address });

    await expect(
      receiver.call({ ...call, service: 'some.Service' }, new AbortController().signal),
    ).rejects.toThrow('A connection has no service some.Service.');
    await receiver.close();
  });
});

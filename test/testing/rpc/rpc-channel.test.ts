import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { serialize } from 'node:v8';
import { TemporalReplayError } from '../../../src/errors';
import { newSocketPath } from '../../../src/testing/rpc/local-socket';
import { RpcChannel } from '../../../src/testing/rpc/rpc-channel';
import type { PeerOf, RpcContract } from '../../../src/testing/rpc/rpc-contract';

interface Contract extends RpcContract {
  requests: {
    echo: [unknown, unknown];
    fail: ['with a code' | 'without a code', never];
    never: [null, never];
  };
  notifications: { note: string };
  peerRequests: Record<string, never>;
  peerNotifications: Record<string, never>;
}

const serverFailed = (): Error =>
  new TemporalReplayError('SERVER_FAILED', 'no server', { hint: 'Try again.' });

let server: Server;
let client: RpcChannel<Contract>;
let peerSocket: Socket;
let notes: string[];

beforeEach(async () => {
  notes = [];
  const path = newSocketPath();
  server = createServer((socket) => {
    peerSocket = socket;
    new RpcChannel<PeerOf<Contract>>(socket, {
      requests: {
        echo: (value) => Promise.resolve(value),
        fail: (how) => Promise.reject(how === 'with a code' ? serverFailed() : new TypeError('boom')),
        never: () => new Promise(() => undefined),
      },
      notifications: { note: (text) => void notes.push(text) },
      closed: () => undefined,
    });
  }).listen(path);
  await once(server, 'listening');
  client = new RpcChannel(connect(path), { requests: {}, notifications: {}, closed: () => undefined });
});

afterEach(() => {
  client.close();
  server.close();
});

describe('RpcChannel', () => {
  it('returns the result of the other side, with bytes as bytes', async () => {
    const value = { bytes: Uint8Array.of(0, 255), map: new Map([['a', undefined]]) };

    expect(await client.request('echo', value)).toEqual(value);
  });

  it('joins a message that arrives in many chunks', async () => {
    const bytes = new Uint8Array(5_000_000).fill(7);

    const result = (await client.request('echo', bytes)) as Uint8Array;

    expect(Buffer.compare(result, bytes)).toBe(0);
  });

  it('keeps the results of concurrent requests apart', async () => {
    const results = await Promise.all([1, 2, 3].map((value) => client.request('echo', value)));

    expect(results).toEqual([1, 2, 3]);
  });

  it('delivers notifications before the result of a later request', async () => {
    client.notify('note', 'first');
    client.notify('note', 'second');

    await client.request('echo', null);

    expect(notes).toEqual(['first', 'second']);
  });

  it('rejects with the code, message and hint of a TemporalReplayError', async () => {
    const rejected = client.request('fail', 'with a code');

    await expect(rejected).rejects.toBeInstanceOf(TemporalReplayError);
    await expect(rejected).rejects.toMatchObject({
      code: 'SERVER_FAILED',
      message: 'no server',
      hint: 'Try again.',
    });
  });

  it('rejects with a plain Error for any other error', async () => {
    const rejected = client.request('fail', 'without a code');

    await expect(rejected).rejects.not.toBeInstanceOf(TemporalReplayError);
    await expect(rejected).rejects.toThrow('boom');
  });

  it('rejects pending and later requests with TEST_WORKER_GONE when the connection closes', async () => {
    await client.request('echo', null);
    const pending = client.request('never', null);
    peerSocket.destroy();

    await expect(pending).rejects.toMatchObject({ code: 'TEST_WORKER_GONE' });
    await expect(client.request('echo', null)).rejects.toMatchObject({ code: 'TEST_WORKER_GONE' });
    expect(client.failure).toMatchObject({ code: 'TEST_WORKER_GONE' });
  });

  const framed = (value: unknown): Buffer => {
    const body = serialize(value);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    return Buffer.concat([head, body]);
  };

  it.each([
    ['null', framed(null)],
    ['a frame of no kind', framed({ kind: 'constructor', id: 0 })],
    ['an error without its message', framed({ kind: 'error', id: 0, code: null })],
    ['a result without its number', framed({ kind: 'result', result: 1 })],
    ['four gigabytes', Buffer.alloc(8, 255)],
    ['bytes that are no value', Buffer.from([0, 0, 0, 2, 7, 7])],
  ])('ends the connection, and nothing else, when the other side sends %s', async (_, bytes) => {
    const pending = client.request('never', null);
    await client.request('echo', 1);

    peerSocket.write(bytes);

    await expect(pending).rejects.toMatchObject({ code: 'TEST_WORKER_GONE' });
  });

  it('calls no member of every object for a notification or a request', async () => {
    await client.request('echo', 1);

    peerSocket.write(framed({ kind: 'notification', name: 'constructor', params: 1 }));
    peerSocket.write(framed({ kind: 'request', id: 7, name: 'toString', params: 1 }));

    expect(await client.request('echo', 1)).toBe(1);
  });
});

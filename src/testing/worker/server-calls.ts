import { type CallReceiver, receiveCalls, type ServerAnswer } from '../../sdk/connection-calls';
import { retryInterceptor } from '../../sdk/retry-interceptor';
import type { ServerCallRequest } from './protocol';

/** Makes the calls of one test file to its servers. */
export class ServerCalls {
  private readonly receivers = new Map<string, CallReceiver>();
  private readonly pending = new Map<number, AbortController>();
  private isClosed = false;

  async call({ id, server, call }: ServerCallRequest): Promise<ServerAnswer> {
    const receiver = this.receivers.get(server.address) ?? this.connect(server.address);
    this.receivers.set(server.address, receiver);
    const abort = new AbortController();
    this.pending.set(id, abort);
    try {
      return await receiver.call(call, abort.signal);
    } finally {
      this.pending.delete(id);
    }
  }

  abort(id: number): void {
    this.pending.get(id)?.abort();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const call of this.pending.values()) call.abort();
    const receivers = [...this.receivers.values()];
    this.receivers.clear();
    await Promise.all(receivers.map((receiver) => receiver.close()));
  }

  private connect(address: string): CallReceiver {
    return receiveCalls({ address, interceptors: [retryInterceptor(() => this.isClosed)] });
  }
}

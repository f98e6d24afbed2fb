import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { startDevServer, startTimeSkippingServer } from '../../server/start';
import { ALLOW_TIME_SKIPPING } from '../time/dev-server-time';
import type { ServerRequest } from './protocol';

/** The Temporal servers of a test worker: started on first use, and kept for the next test file. */
export class TemporalServers {
  private readonly running = new Map<string, Promise<TestWorkflowEnvironment>>();
  private readonly stopping = new Set<Promise<void>>();

  /** Returns the server for a request, and starts it if needed. @throws SERVER_NOT_FOUND, SERVER_FAILED */
  open(request: ServerRequest): Promise<TestWorkflowEnvironment> {
    const key = keyOf(request);
    const known = this.running.get(key);
    if (known) return known;
    const starting =
      request.kind === 'local'
        ? startDevServer({ searchAttributes: request.searchAttributes, extraArgs: [...ALLOW_TIME_SKIPPING] })
        : startTimeSkippingServer();
    this.running.set(key, starting);
    starting.catch(() => this.running.delete(key));
    return starting;
  }

  /** Stops a server whose state is unknown. The next request starts a new one. */
  async discard(request: ServerRequest): Promise<void> {
    const key = keyOf(request);
    const server = this.running.get(key);
    this.running.delete(key);
    if (server) await this.stop(server);
  }

  /** Stops all servers, and waits for those that are being discarded. */
  async stopAll(): Promise<void> {
    const servers = [...this.running.values()];
    this.running.clear();
    for (const server of servers) void this.stop(server);
    await Promise.all(this.stopping);
  }

  private async stop(server: Promise<TestWorkflowEnvironment>): Promise<void> {
    const stopped = server.then((running) => running.teardown()).catch(() => undefined);
    this.stopping.add(stopped);
    await stopped.finally(() => this.stopping.delete(stopped));
  }
}

const keyOf = ({ kind, searchAttributes }: ServerRequest): string =>
  kind === 'time-skipping' ? kind : `${kind} ${JSON.stringify(Object.entries(searchAttributes).sort())}`;

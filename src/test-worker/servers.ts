import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { startDevServer, startTimeSkippingServer } from '../server/start';
import type { ServerRequest } from './protocol';

/** The servers of this process: started when they are first asked for, and kept for the next test file. */
export class Servers {
  private readonly running = new Map<string, Promise<TestWorkflowEnvironment>>();

  /** @throws SERVER_NOT_FOUND, SERVER_FAILED */
  open(request: ServerRequest): Promise<TestWorkflowEnvironment> {
    const key = keyOf(request);
    const known = this.running.get(key);
    if (known) return known;
    const starting =
      request.kind === 'local'
        ? startDevServer({ searchAttributes: request.searchAttributes })
        : startTimeSkippingServer();
    this.running.set(key, starting);
    starting.catch(() => this.running.delete(key));
    return starting;
  }

  /** Stops it: a test left it in a state that nobody knows. The next one gets a new one. */
  async discard(request: ServerRequest): Promise<void> {
    const key = keyOf(request);
    const server = this.running.get(key);
    this.running.delete(key);
    await (await server)?.teardown();
  }

  async stopAll(): Promise<void> {
    const servers = [...this.running.values()];
    this.running.clear();
    await Promise.allSettled(servers.map(async (server) => (await server).teardown()));
  }
}

const keyOf = ({ kind, searchAttributes }: ServerRequest): string =>
  kind === 'time-skipping' ? kind : `${kind} ${JSON.stringify(Object.entries(searchAttributes).sort())}`;

import { randomUUID } from 'node:crypto';
import { HELD_WORKFLOW } from '../worker/mocked-workflow-steps';
import type { Bundle, ServerRequest } from '../worker/protocol';
import type { TestWorker } from '../connection/test-worker';

export interface SdkWorkersOptions {
  testWorker: TestWorker;
  server: ServerRequest;
  bundle: Bundle;
  /** Workflow types that run `mocked-workflow.ts` instead of the service's code. */
  mockedWorkflows: readonly string[];
  /** Task queues that an SDK worker with the service's code polls. */
  taskQueues: readonly string[];
  evictAfterEachTask: boolean;
}

/** The SDK workers of one environment, one for each task queue. They run in the environment's test worker. */
export class SdkWorkers {
  private readonly queues = new Set<string>();
  private evicts: boolean;
  /** Task queue of the SDK worker for mocked external workflows; null until the first one is mocked. */
  private externalQueue: Promise<string> | null = null;

  constructor(private readonly options: SdkWorkersOptions) {
    this.evicts = options.evictAfterEachTask;
  }

  /** The task queues that an SDK worker polls. */
  get taskQueues(): string[] {
    return [...this.queues];
  }

  async start(): Promise<void> {
    const { mockedWorkflows, taskQueues } = this.options;
    for (const taskQueue of new Set(taskQueues)) await this.startSdkWorker(taskQueue, mockedWorkflows);
  }

  /** Clears the cache of each SDK worker, so that workflows go on from their histories. */
  async restart(): Promise<void> {
    for (const taskQueue of this.queues)
      await this.options.testWorker.channel.request('restartSdkWorker', { taskQueue });
  }

  /** Makes each workflow task replay its workflow from the start from now on. */
  async evictAfterEachTask(): Promise<void> {
    this.evicts = true;
    for (const taskQueue of this.queues)
      await this.options.testWorker.channel.request('stopSdkWorker', { taskQueue });
    await this.start();
  }

  /** Returns a task queue whose SDK worker runs {@link HELD_WORKFLOW}. */
  queueOfExternalWorkflows(): Promise<string> {
    return (this.externalQueue ??= this.startExternalWorker());
  }

  private async startExternalWorker(): Promise<string> {
    const taskQueue = `external-${randomUUID()}`;
    await this.startSdkWorker(taskQueue, [HELD_WORKFLOW]);
    return taskQueue;
  }

  private async startSdkWorker(taskQueue: string, mockedWorkflows: readonly string[]): Promise<void> {
    const { server, bundle, testWorker } = this.options;
    const evictAfterEachTask = this.evicts;
    await testWorker.channel.request('startSdkWorker', {
      ...{ server, taskQueue, bundle, mockedWorkflows, evictAfterEachTask },
    });
    this.queues.add(taskQueue);
  }
}

import { randomUUID } from 'node:crypto';
import { HELD_WORKFLOW } from '../worker/mocked-workflow-steps';
import type { Bundle, ServerRequest } from '../worker/protocol';
import type { MockedWorkflows } from '../mocks/mock-child-workflows';
import type { MockedNexusService } from '../mocks/mock-nexus-operations';
import type { NexusEndpoints } from '../connection/nexus-endpoints';
import type { TestWorker } from '../connection/test-worker';

export interface SdkWorkersOptions {
  testWorker: TestWorker;
  server: ServerRequest;
  bundle: Bundle;
  mocked: MockedWorkflows;
  nexus: readonly MockedNexusService[];
  endpoints: NexusEndpoints;
  /** Queues that a worker with the service's code polls. */
  taskQueues: readonly string[];
  evictAfterEachTask: boolean;
}

/** The workers of one environment, which run in its test worker: one for each task queue. */
export class SdkWorkers {
  private readonly queues = new Set<string>();
  private evicts: boolean;
  /** Of the worker that runs mocked external workflows; none before the first one. */
  private externalQueue: Promise<string> | null = null;

  constructor(private readonly options: SdkWorkersOptions) {
    this.evicts = options.evictAfterEachTask;
  }

  /** The queues that have a worker. */
  get taskQueues(): string[] {
    return [...this.queues];
  }

  async start(): Promise<void> {
    await this.startWorkflowWorkers();
    await this.startNexusWorkers();
  }

  /** Each forgets all its workflows, which go on from their histories. */
  async restart(): Promise<void> {
    for (const taskQueue of this.queues)
      await this.options.testWorker.channel.request('restartSdkWorker', { taskQueue });
  }

  /** From now on each workflow task is replayed from the start. */
  async evictAfterEachTask(): Promise<void> {
    this.evicts = true;
    for (const taskQueue of this.queues)
      await this.options.testWorker.channel.request('stopSdkWorker', { taskQueue });
    await this.startWorkflowWorkers();
  }

  /** A queue whose worker runs {@link HELD_WORKFLOW}. */
  queueOfExternalWorkflows(): Promise<string> {
    return (this.externalQueue ??= this.startExternalWorker());
  }

  private async startExternalWorker(): Promise<string> {
    const taskQueue = `external-${randomUUID()}`;
    await this.startSdkWorker(taskQueue, [HELD_WORKFLOW]);
    return taskQueue;
  }

  private async startWorkflowWorkers(): Promise<void> {
    const { mocked, taskQueues } = this.options;
    const types = [...mocked.byType.keys()];
    const mockedTypes = types.length > 0 ? [...types, HELD_WORKFLOW] : [];
    const queues = new Set([...taskQueues, ...mocked.taskQueues]);
    for (const taskQueue of queues) await this.startSdkWorker(taskQueue, mockedTypes);
  }

  private async startSdkWorker(taskQueue: string, mockedWorkflows: readonly string[]): Promise<void> {
    const { server, bundle, testWorker } = this.options;
    const evictAfterEachTask = this.evicts;
    await testWorker.channel.request('startSdkWorker', {
      ...{ server, taskQueue, bundle, mockedWorkflows, evictAfterEachTask },
    });
    this.queues.add(taskQueue);
  }

  /** A worker for each endpoint: two of them may have services of the same name. */
  private async startNexusWorkers(): Promise<void> {
    const { nexus, server, bundle, testWorker, endpoints } = this.options;
    for (const endpoint of new Set(nexus.map((mocked) => mocked.endpoint))) {
      const services = nexus.filter((mocked) => mocked.endpoint === endpoint).map(({ service }) => service);
      const taskQueue = `nexus-${randomUUID()}`;
      const { dataConverter } = bundle;
      const request = { server, endpoint, taskQueue, services, dataConverter };
      await testWorker.channel.request('startNexusWorker', request);
      await endpoints.create(endpoint, taskQueue);
    }
  }
}

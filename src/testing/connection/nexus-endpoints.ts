import { type Connection, isGrpcServiceError } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

type Endpoint = temporal.api.nexus.v1.IEndpoint;

const ALREADY_EXISTS = 6;

/**
 * The Nexus endpoints of one environment. A server shares endpoints among all namespaces, so they are deleted with the
 * environment.
 */
export class NexusEndpoints {
  private readonly created: Endpoint[] = [];

  constructor(
    private readonly connection: Connection,
    private readonly namespace: string,
  ) {}

  /** Creates an endpoint whose operations arrive on the task queue. Replaces an endpoint of the same name that was left behind. */
  async create(name: string, taskQueue: string): Promise<void> {
    const spec = { name, target: { worker: { namespace: this.namespace, taskQueue } } };
    const { operatorService } = this.connection;
    const create = async (): Promise<void> => {
      const { endpoint } = await operatorService.createNexusEndpoint({ spec });
      this.created.push(endpoint!);
    };
    try {
      await create();
    } catch (err) {
      if (!isGrpcServiceError(err) || (err.code as number) !== ALREADY_EXISTS) throw err;
      const { endpoints } = await operatorService.listNexusEndpoints({ name });
      await Promise.all((endpoints ?? []).map((endpoint) => this.delete(endpoint)));
      await create();
    }
  }

  async deleteAll(): Promise<void> {
    // Deletion fails for an endpoint that another environment has replaced.
    await Promise.allSettled(this.created.splice(0).map((endpoint) => this.delete(endpoint)));
  }

  private async delete({ id, version }: Endpoint): Promise<void> {
    await this.connection.operatorService.deleteNexusEndpoint({ id, version });
  }
}

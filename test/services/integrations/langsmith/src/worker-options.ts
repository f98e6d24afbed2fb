import { appendFileSync } from 'node:fs';
import { LangSmithPlugin } from '@temporalio/langsmith';
import type { WorkerOptions } from '@temporalio/worker';
import { Client } from 'langsmith';
import * as activities from './activities';

process.env['LANGSMITH_TRACING'] = 'true';

/** A client without a network: it adds the name of each traced run to a file. */
class FileClient extends Client {
  override async createRun({ name }: { name: string }): Promise<void> {
    const file = process.env['TRACE_FILE'];
    if (file !== undefined) appendFileSync(file, `${name}\n`);
  }

  override async updateRun(): Promise<void> {}
}

const client = new FileClient({ apiUrl: 'http://nowhere.invalid', apiKey: 'none' });

export const workerOptions: WorkerOptions = {
  taskQueue: 'langsmith',
  workflowsPath: require.resolve('./workflows'),
  activities,
  plugins: [new LangSmithPlugin({ client, addTemporalRuns: true })],
};

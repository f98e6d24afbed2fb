import { AiSdkPlugin } from '@temporalio/ai-sdk';
import type { WorkerOptions } from '@temporalio/worker';
import * as activities from './activities';
import { modelProvider } from './model';

export const workerOptions: WorkerOptions = {
  taskQueue: 'ai-sdk',
  workflowsPath: require.resolve('./workflows'),
  activities,
  plugins: [new AiSdkPlugin({ modelProvider })],
};

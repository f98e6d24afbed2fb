import { OpenAIAgentsPlugin } from '@temporalio/openai-agents';
import type { WorkerOptions } from '@temporalio/worker';
import * as activities from './activities';
import { modelProvider } from './model';

export const workerOptions: WorkerOptions = {
  taskQueue: 'openai-agents',
  workflowsPath: require.resolve('./workflows'),
  activities,
  // The agents' library loads a part of itself only where it needs it. A bundle must be one file.
  bundlerOptions: {
    webpackConfigHook: (config) => ({ ...config, output: { ...config.output, asyncChunks: false } }),
  },
  plugins: [new OpenAIAgentsPlugin({ modelProvider, interceptorOptions: { addTemporalSpans: true } })],
};

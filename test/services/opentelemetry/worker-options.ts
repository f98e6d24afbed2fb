import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry';
import type { WorkerOptions } from '@temporalio/worker';
import * as activities from './activities';
import { resource, spanProcessor } from './spans';

export const workerOptions: WorkerOptions = {
  taskQueue: 'opentelemetry',
  workflowsPath: require.resolve('./workflows'),
  activities,
  plugins: [new OpenTelemetryPlugin({ resource, spanProcessor })],
};

/** Exports the last spans of a live worker. */
export const flush = (): Promise<void> => spanProcessor.forceFlush();

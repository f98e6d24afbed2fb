import { StrandsPlugin } from '@temporalio/strands-agents';
import type { WorkerOptions } from '@temporalio/worker';
import * as activities from './activities';
import { Forecaster } from './model';

export const workerOptions: WorkerOptions = {
  taskQueue: 'strands-agents',
  workflowsPath: require.resolve('./workflows'),
  activities,
  plugins: [new StrandsPlugin({ models: { forecaster: () => new Forecaster() } })],
};

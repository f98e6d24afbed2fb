import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/worker';
import type { WorkerOptions } from '@temporalio/worker';
import * as activities from './activities';
import { resource, spanProcessor } from './spans';

/** The same worker without the plugin: each part of the tracing is named. */
export const workerOptions: WorkerOptions = {
  taskQueue: 'opentelemetry',
  workflowsPath: require.resolve('./workflows'),
  activities,
  sinks: { exporter: makeWorkflowExporter(spanProcessor, resource) },
  interceptors: {
    workflowModules: [require.resolve('./interceptors')],
    activity: [(context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(context) })],
  },
};

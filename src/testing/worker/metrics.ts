import * as sdk from '@temporalio/worker';
import type { RuntimeOptions } from '@temporalio/worker';
import type { MetricUpdate } from './protocol';

/** Collects the metrics of the SDK and of workflow code. SDKs before `MetricsBuffer` (1.14) have none. */
export interface MetricsCollector {
  /** Telemetry options for `Runtime.install`. */
  telemetry: NonNullable<RuntimeOptions['telemetryOptions']>;
  /** Returns the metrics recorded since the last call. */
  take(): MetricUpdate[];
}

const BUFFERED_UPDATES = 100_000;

export function collectMetrics(): MetricsCollector {
  const { MetricsBuffer } = sdk as Partial<typeof sdk>;
  if (!MetricsBuffer) return { telemetry: {}, take: () => [] };
  const buffer = new MetricsBuffer({ maxBufferSize: BUFFERED_UPDATES });
  return {
    telemetry: { metrics: { buffer } },
    take: () =>
      [...buffer.retrieveUpdates()].map(({ metric: { name, kind, unit }, value, attributes }) => ({
        ...{ name, kind, value, attributes: { ...attributes } },
        ...(unit !== undefined && { unit }),
      })),
  };
}

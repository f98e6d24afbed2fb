import type { MetricMeter, MetricTags } from '@temporalio/common';
import type { MetricUpdate } from '../worker/protocol';

/** Creates the metric meter of an activity's context. Its updates have the form of those of workflow code. */
export function activityMetricMeter(tags: MetricTags, write: (update: MetricUpdate) => void): MetricMeter {
  const recorder =
    (kind: MetricUpdate['kind'], name: string, unit: string | undefined, own: MetricTags) =>
    (value: number, extraTags?: MetricTags): void =>
      write({ name, kind, value, attributes: { ...own, ...extraTags }, ...(unit && { unit }) });
  const meter = (own: MetricTags): MetricMeter => ({
    createCounter: (name, unit, description) => {
      const counter = (its: MetricTags): ReturnType<MetricMeter['createCounter']> => ({
        ...{ name, kind: 'counter', valueType: 'int', ...describedBy(unit, description) },
        add: recorder('counter', name, unit, its),
        withTags: (more) => counter({ ...its, ...more }),
      });
      return counter(own);
    },
    createHistogram: (name, valueType = 'int', unit, description) => {
      const histogram = (its: MetricTags): ReturnType<MetricMeter['createHistogram']> => ({
        ...{ name, kind: 'histogram', valueType, ...describedBy(unit, description) },
        record: recorder('histogram', name, unit, its),
        withTags: (more) => histogram({ ...its, ...more }),
      });
      return histogram(own);
    },
    createGauge: (name, valueType = 'int', unit, description) => {
      const gauge = (its: MetricTags): ReturnType<MetricMeter['createGauge']> => ({
        ...{ name, kind: 'gauge', valueType, ...describedBy(unit, description) },
        set: recorder('gauge', name, unit, its),
        withTags: (more) => gauge({ ...its, ...more }),
      });
      return gauge(own);
    },
    withTags: (more) => meter({ ...own, ...more }),
  });
  return meter(tags);
}

const describedBy = (
  unit: string | undefined,
  description: string | undefined,
): { unit?: string; description?: string } => ({
  ...(unit && { unit }),
  ...(description && { description }),
});

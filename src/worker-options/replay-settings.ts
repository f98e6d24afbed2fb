import type { DataConverter } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import type { ConfiguredWorker } from './configured-worker';

/** The options of a worker that its replay worker takes as they are. */
export type ReplaySettings = Pick<
  WorkerOptions,
  'reuseV8Context' | 'sinks' | 'patchActivationCallback' | 'workflowFailureErrorTypes'
> & { dataConverter?: DataConverter };

/**
 * Returns the part of a data converter that works on payloads. The payload and the failure converter are in the bundle, and the SDK would
 * load their files as they are, even if they are TypeScript.
 */
export const payloadStepsOf = ({ payloadCodecs, externalStorage }: DataConverter): DataConverter =>
  defined({ payloadCodecs, externalStorage }) as DataConverter;

/** Returns the settings of a replay worker. */
export function replaySettingsOf({ options, dataConverter }: ConfiguredWorker): ReplaySettings {
  const { reuseV8Context, sinks, patchActivationCallback, workflowFailureErrorTypes } = options;
  return defined({
    reuseV8Context,
    sinks,
    patchActivationCallback,
    workflowFailureErrorTypes,
    dataConverter: payloadStepsOf(dataConverter),
  });
}

const defined = <T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

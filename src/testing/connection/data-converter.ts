import type { LoadedDataConverter } from '@temporalio/common';
import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import type { Bundle } from '../worker/protocol';
import { type ModuleExports, loadModule } from '../../util/load-module';
import { configuredWorker } from '../../worker-options/configured-worker';
import { DEFAULT_LOAD_SETTINGS } from '../../worker-options/load-export';
import { payloadStepsOf } from '../../worker-options/replay-settings';

/** Loads the service's converters in the test's process, so that they create values of the test's realm and classes. */
export async function loadConverters(bundle: Bundle): Promise<LoadedDataConverter> {
  const { payloadConverter, failureConverter, worker } = bundle;
  const { dataConverter } = await configuredWorker(worker, {
    ...DEFAULT_LOAD_SETTINGS,
    load,
    // The guard loads the SDK's worker, which a module of a data converter alone does not need.
    ...(worker.worker === null && worker.plugins === null && { run: (step) => step() }),
  });
  return {
    payloadConverter: await exported(payloadConverter, 'payloadConverter', defaultPayloadConverter),
    failureConverter: await exported(failureConverter, 'failureConverter', defaultFailureConverter),
    payloadCodecs: [],
    ...payloadStepsOf(dataConverter),
  };
}

async function exported<T>(path: string | null, name: string, fallback: T): Promise<T> {
  if (path === null) return fallback;
  return ((await load(path))[name] as T | undefined) ?? fallback;
}

/**
 * Loads a module by the test's own `require` if that works, since jest compiles modules and keeps them in the test's realm, and by
 * the library's loader otherwise.
 */
async function load(path: string): Promise<ModuleExports> {
  try {
    return require(path) as ModuleExports;
  } catch {
    return loadModule(path);
  }
}

import type { DataConverter, LoadedDataConverter } from '@temporalio/common';
import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { dataConverterIn } from '../../sdk/load-data-converter';
import type { Bundle } from '../worker/protocol';
import { type ModuleExports, loadModule } from '../../util/load-module';

/** Loads the service's converters in the test's process, so that they create values of the test's realm and classes. */
export async function loadConverters(bundle: Bundle): Promise<LoadedDataConverter> {
  const own: DataConverter =
    bundle.dataConverter === null
      ? {}
      : await dataConverterIn(await load(bundle.dataConverter), bundle.dataConverter);
  const payloadPath = bundle.payloadConverter ?? own.payloadConverterPath;
  const failurePath = bundle.failureConverter ?? own.failureConverterPath;
  return {
    payloadConverter: await exported(payloadPath, 'payloadConverter', defaultPayloadConverter),
    failureConverter: await exported(failurePath, 'failureConverter', defaultFailureConverter),
    payloadCodecs: own.payloadCodecs ?? [],
  };
}

async function exported<T>(path: string | null | undefined, name: string, fallback: T): Promise<T> {
  if (path === null || path === undefined) return fallback;
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

import type { DataConverter, LoadedDataConverter } from '@temporalio/common';
import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { dataConverterIn } from '../../sdk/load-data-converter';
import type { Bundle } from '../worker/protocol';
import { loadModule } from '../../util/load-module';

/** The service's converters, loaded in the test's process: values are of the realm and the classes of the test. */
export async function loadConverters(bundle: Bundle): Promise<LoadedDataConverter> {
  const own: DataConverter =
    bundle.dataConverter === null ? {} : dataConverterIn(await load(bundle.dataConverter));
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
  return ((await load(path)) as Record<string, T>)[name] ?? fallback;
}

/** As the test itself loads its modules where that works: jest compiles them, and keeps them in the test's realm. */
async function load(path: string): Promise<unknown> {
  try {
    return require(path) as unknown;
  } catch {
    return loadModule(path);
  }
}

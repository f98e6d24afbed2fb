import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { loadModule } from '../util/load-module';

/** Loads the data converter of a module: its export `dataConverter`, its default export, or the module itself. */
export async function loadDataConverter(path: string): Promise<DataConverter> {
  return dataConverterIn(await loadModule(path));
}

/** Loads the payload codecs of a data converter's module; none if `path` is null. */
export async function payloadCodecsOf(path: string | null): Promise<PayloadCodec[]> {
  if (path === null) return [];
  return (await loadDataConverter(path)).payloadCodecs ?? [];
}

/** Returns the data converter in the exports of a module. */
export function dataConverterIn(module: unknown): DataConverter {
  const { dataConverter, default: byDefault } = module as { dataConverter?: object; default?: object };
  return (dataConverter ?? byDefault ?? module) as DataConverter;
}

import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { loadModule } from '../util/load-module';

/** The data converter that a module exports: as `dataConverter`, as its default, or as what it is. */
export async function loadDataConverter(path: string): Promise<DataConverter> {
  return dataConverterIn(await loadModule(path));
}

/** Its codecs; none without a data converter. */
export async function payloadCodecsOf(path: string | null): Promise<PayloadCodec[]> {
  if (path === null) return [];
  return (await loadDataConverter(path)).payloadCodecs ?? [];
}

export function dataConverterIn(module: unknown): DataConverter {
  const { dataConverter, default: byDefault } = module as { dataConverter?: object; default?: object };
  return (dataConverter ?? byDefault ?? module) as DataConverter;
}

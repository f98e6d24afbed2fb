import type { ReplayWorkerOptions } from '@temporalio/worker';
import { payloadCodecsOf } from '../../sdk/load-data-converter';

/**
 * Options of the SDK's replay worker. Of a data converter it gets the codecs alone: its payload and failure converters are in
 * the bundle, and the SDK would load their files as they are, TypeScript included.
 *
 * @throws what loading the data converter's module throws
 */
export async function workerOptionsOf(
  bundlePath: string,
  dataConverter: string | null,
): Promise<ReplayWorkerOptions> {
  const payloadCodecs = await payloadCodecsOf(dataConverter);
  return {
    workflowBundle: { codePath: bundlePath },
    ...(payloadCodecs.length > 0 && { dataConverter: { payloadCodecs } }),
  };
}

import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import { encode } from '@temporalio/common/lib/encoding';

const KEY = 0x5a;
const flipped = (bytes: Uint8Array | null | undefined): Uint8Array =>
  (bytes ?? new Uint8Array()).map((byte) => byte ^ KEY);

/** Stands for encryption: nothing on the server can be read without it. */
class FlippingCodec implements PayloadCodec {
  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map(({ metadata, data }) => ({
      metadata: { encoding: encode('binary/flipped'), inner: flipped(metadata?.['encoding']) },
      data: flipped(data),
    }));
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map(({ metadata, data }) => ({
      metadata: { encoding: flipped(metadata?.['inner']) },
      data: flipped(data),
    }));
  }
}

export const dataConverter: DataConverter = {
  payloadConverterPath: require.resolve('./payload-converter'),
  payloadCodecs: [new FlippingCodec()],
};

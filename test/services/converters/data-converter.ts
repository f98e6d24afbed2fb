import type { DataConverter, Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/encoding';

const KEY = 0x5a;
const flipped = (bytes: Uint8Array | null | undefined): Uint8Array =>
  (bytes ?? new Uint8Array()).map((byte) => byte ^ KEY);

/** Returns what a payload is bound to: the workflow or the activity that it belongs to. */
const boundTo = (context?: SerializationContext): string =>
  context === undefined ? 'nothing' : JSON.stringify(Object.entries(context).sort());

/**
 * Stands for encryption that is bound to a context: nothing on the server can be read without the codec, and the codec
 * decodes a payload only in the context in which it was encoded.
 */
class BoundCodec implements PayloadCodec {
  async encode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    const owner = encode(boundTo(context));
    return payloads.map(({ metadata, data }) => ({
      metadata: { encoding: encode('binary/flipped'), inner: flipped(metadata?.['encoding']), owner },
      data: flipped(data),
    }));
  }

  async decode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    return payloads.map(({ metadata, data }) => {
      const owner = decode(metadata!['owner']!);
      if (owner !== boundTo(context)) throw new Error(`bound to ${owner}, not to ${boundTo(context)}`);
      return { metadata: { encoding: flipped(metadata?.['inner']) }, data: flipped(data) };
    });
  }
}

export const dataConverter: DataConverter = {
  payloadConverterPath: require.resolve('./payload-converter'),
  payloadCodecs: [new BoundCodec()],
};

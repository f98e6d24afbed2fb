import type { temporal } from '@temporalio/proto';

export type Payload = temporal.api.common.v1.IPayload;

export const encodingOf = (payload: Payload): string =>
  Buffer.from(payload.metadata?.['encoding'] ?? []).toString();

/** What a payload says, for a report: parsed JSON, null, or a note of the encoding and the bytes as base64. */
export function payloadValueOf(payload: Payload | undefined): unknown {
  if (payload === undefined) return undefined;
  const encoding = encodingOf(payload);
  if (encoding === 'binary/null') return null;
  // protobufjs' default for bytes that are not there is an empty array.
  const data = Buffer.from(payload.data ?? []);
  if (encoding.startsWith('json/')) {
    try {
      return JSON.parse(data.toString());
    } catch {
      // Said to be JSON and isn't: fall through to its bytes.
    }
  }
  return { encoding, base64: data.toString('base64') };
}

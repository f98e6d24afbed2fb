import type { temporal } from '@temporalio/proto';

export type Payload = temporal.api.common.v1.IPayload;

export const encodingOf = (payload: Payload): string =>
  Buffer.from(payload.metadata?.['encoding'] ?? []).toString();

/** Returns the value of a payload for a report: parsed JSON, null, or an object of the encoding and the bytes as base64. */
export function payloadValueOf(payload: Payload | undefined): unknown {
  if (payload === undefined) return undefined;
  const encoding = encodingOf(payload);
  if (encoding === 'binary/null') return null;
  // The default of protobufjs for absent bytes is an empty array.
  const data = Buffer.from(payload.data ?? []);
  if (encoding.startsWith('json/')) {
    try {
      return JSON.parse(data.toString());
    } catch {
      // The data is no JSON, whatever its encoding says: its bytes are shown.
    }
  }
  return { encoding, base64: data.toString('base64') };
}

import type { temporal } from '@temporalio/proto';
import { Unsure } from '../unsure';

type Payloads = temporal.api.common.v1.IPayloads;
type Payload = temporal.api.common.v1.IPayload;

/** Returns a result of one payload as a job holds it, and none without payloads. Core refuses any other number. */
export function onlyPayloadOf(payloads: Payloads | null | undefined): { result: Payload | null } {
  if (payloads == null) return { result: null };
  if (payloads.payloads?.length !== 1) throw new Unsure('events do not fit', 'result of several payloads');
  return { result: payloads.payloads[0]! };
}

import { isCoreMarker } from './markers';
import type { Event } from './event';
import type { Payload } from './payload-value';

/** Fields that the SDK does not pass to payload codecs. */
const UNENCODED = new Set(['searchAttributes', 'header', 'headers', 'metadata']);

/** Payloads that were encoded together, such as the arguments of an activity. */
export interface PayloadSlot {
  payloads: Payload[];
  /** Puts other payloads in their place. */
  put(payloads: Payload[]): void;
}

/** Returns the places of an event with payloads that went through the payload codecs. */
export function payloadSlotsOf(event: Event): PayloadSlot[] {
  const slots: PayloadSlot[] = [];
  for (const part of encodedParts(event)) collect(part, slots);
  return slots;
}

/**
 * Returns the parts of an event with payloads that went through the codecs. In core's own markers, these are the result
 * and the failure of a local activity: core writes the rest itself.
 */
function encodedParts(event: Event): object[] {
  const marker = event.markerRecordedEventAttributes;
  if (!marker || !isCoreMarker(event)) return [event];
  return [marker.failure, marker.details?.['result']].filter((part) => part != null);
}

const isPayload = (value: unknown): value is Payload =>
  typeof value === 'object' &&
  value !== null &&
  'data' in value &&
  'metadata' in value &&
  value.metadata != null;

const arePayloads = (value: object): value is Payload[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isPayload(item));

function collect(node: object, slots: PayloadSlot[]): void {
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || UNENCODED.has(key))
      continue;
    if (arePayloads(value))
      slots.push({ payloads: value, put: (decoded) => Object.assign(node, { [key]: decoded }) });
    else if (isPayload(value))
      slots.push({
        payloads: [value],
        put: ([decoded]) => decoded && Object.assign(node, { [key]: decoded }),
      });
    else collect(value, slots);
  }
}

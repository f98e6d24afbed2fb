import { temporal } from '@temporalio/proto';
import { isCoreMarker } from '../../../temporal/markers';
import type { Event } from '../../../temporal/commands';
import type { PayloadCodecs } from '../loaded-project';
import type { Payload } from '../../verdict/payload-values';

/** Fields that the SDK hands to no codec. */
const UNENCODED = new Set(['searchAttributes', 'header', 'headers', 'metadata']);

interface Slot {
  payload: Payload;
  put(decoded: Payload): void;
}

/**
 * The recorded events with their payloads decoded, so that they can be held against what the code produced. The events
 * that are given stay as they are: the history may be replayed once more.
 */
export async function decodedEvents(
  recorded: readonly Event[],
  codecs: PayloadCodecs,
): Promise<readonly Event[]> {
  if (codecs.length === 0) return recorded;
  const { History } = temporal.api.history.v1;
  const events = History.decode(History.encode({ events: [...recorded] }).finish()).events;
  const slots: Slot[] = [];
  for (const event of events) for (const part of encodedParts(event)) collect(part, slots);
  for (const slot of slots) {
    let payloads = [slot.payload];
    try {
      for (const codec of [...codecs].reverse()) payloads = (await codec.decode(payloads)) as Payload[];
    } catch {
      // Not this codec's work: it stays as it is and shows as drift at worst.
      continue;
    }
    if (payloads[0]) slot.put(payloads[0]);
  }
  return events;
}

/** Of its own markers core writes all by itself but the result and the failure of a local activity. */
function encodedParts(event: Event): object[] {
  const marker = event.markerRecordedEventAttributes;
  if (!marker || !isCoreMarker(event)) return [event];
  return [marker.failure, marker.details?.['result']].filter((part) => part != null);
}

const isPayload = (value: object): value is Payload =>
  'data' in value && 'metadata' in value && (value as Payload).metadata != null;

function collect(node: object, slots: Slot[]): void {
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || UNENCODED.has(key))
      continue;
    if (isPayload(value))
      slots.push({ payload: value, put: (decoded) => Object.assign(node, { [key]: decoded }) });
    else collect(value, slots);
  }
}

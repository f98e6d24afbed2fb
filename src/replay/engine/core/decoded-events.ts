import { temporal } from '@temporalio/proto';
import { isCoreMarker } from '../../../temporal/markers';
import type { Event } from '../../../temporal/commands';
import type { PayloadCodecs } from '../loaded-project';
import type { Payload } from '../../verdict/payload-values';

/** Fields that the SDK does not pass to payload codecs. */
const UNENCODED = new Set(['searchAttributes', 'header', 'headers', 'metadata']);

interface Slot {
  payload: Payload;
  put(decoded: Payload): void;
}

/**
 * Returns the recorded events with their payloads decoded, so that they can be compared with the commands of the code.
 * The given events are not changed, since the history may be replayed a second time.
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
      // A payload that the codecs cannot decode is kept as it is. At worst it is reported as drift.
      continue;
    }
    if (payloads[0]) slot.put(payloads[0]);
  }
  return events;
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

import { decode } from '@temporalio/common/lib/internal-non-workflow';
import { temporal } from '@temporalio/proto';
import { isCoreMarker } from '../../../temporal/markers';
import { type Event, eventIdOf } from '../../../temporal/commands';
import { type OwningWorkflow, serializationContextOf } from '../../../temporal/serialization-context';
import type { PayloadCodecs } from '../loaded-project';
import type { Payload } from '../../verdict/payload-values';

/** Fields that the SDK does not pass to payload codecs. */
const UNENCODED = new Set(['searchAttributes', 'header', 'headers', 'metadata']);

/** Payloads that were encoded together, such as the arguments of an activity. */
interface Slot {
  payloads: Payload[];
  put(decoded: Payload[]): void;
}

/**
 * Returns the recorded events with their payloads decoded, so that they can be compared with the commands of the code. As
 * in the SDK, each payload is decoded in the context of the workflow or activity that it belongs to. The given events are
 * not changed, since the history may be replayed a second time.
 */
export async function decodedEvents(
  recorded: readonly Event[],
  codecs: PayloadCodecs,
  workflow: OwningWorkflow,
): Promise<readonly Event[]> {
  if (codecs.length === 0) return recorded;
  const { History } = temporal.api.history.v1;
  const events = History.decode(History.encode({ events: [...recorded] }).finish()).events;
  const byId = new Map(events.map((event) => [eventIdOf(event), event]));
  for (const event of events) {
    const slots: Slot[] = [];
    for (const part of encodedParts(event)) collect(part, slots);
    const context = serializationContextOf(event, (id) => byId.get(id), workflow);
    for (const { payloads, put } of slots) {
      try {
        // SDKs before 1.23 have no contexts: their `decode` takes two arguments.
        put(await decode([...codecs], payloads, context));
      } catch {
        // A payload that the codecs cannot decode is kept as it is. At worst it is reported as drift.
      }
    }
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

const isPayload = (value: unknown): value is Payload =>
  typeof value === 'object' &&
  value !== null &&
  'data' in value &&
  'metadata' in value &&
  value.metadata != null;

const arePayloads = (value: object): value is Payload[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isPayload(item));

function collect(node: object, slots: Slot[]): void {
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

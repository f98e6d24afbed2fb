import { temporal } from '@temporalio/proto';
import type { UndecodedPayload } from '../../model/undecoded-payload';
import { type Event, eventIdOf } from '../../temporal/commands';
import { payloadSlotsOf } from '../../temporal/payload-slots';
import { type OwningWorkflow, serializationContextOf } from '../../temporal/serialization-context';
import type { PayloadSteps } from './payload-steps';

/** Recorded events, with those payloads decoded that could be. */
export interface DecodedEvents {
  events: readonly Event[];
  /** The first payload of an event that could not be decoded, by the id of the event. */
  undecoded: ReadonlyMap<number, UndecodedPayload>;
}

/**
 * Returns the recorded events with their payloads decoded, so that they can be compared with the commands of the code. As
 * in the SDK, each payload is decoded in the context of the workflow or activity that it belongs to. The given events are
 * not changed, since the history may be replayed a second time.
 */
export async function decodedEvents(
  recorded: readonly Event[],
  steps: PayloadSteps,
  workflow: OwningWorkflow,
): Promise<DecodedEvents> {
  const undecoded = new Map<number, UndecodedPayload>();
  if (steps.payloadCodecs.length === 0) return { events: recorded, undecoded };
  // Most services have no codecs, and this module loads much of the SDK.
  const { decode } =
    require('@temporalio/common/lib/internal-non-workflow') as typeof import('@temporalio/common/lib/internal-non-workflow');
  const events = copyOf(recorded);
  const byId = new Map(events.map((event) => [eventIdOf(event), event]));
  let current = 0;
  steps.begin((payload) => void (undecoded.has(current) || undecoded.set(current, payload)));
  for (const event of events) {
    current = eventIdOf(event);
    const context = serializationContextOf(event, (id) => byId.get(id), workflow);
    for (const { payloads, put } of payloadSlotsOf(event)) {
      try {
        // SDKs before 1.23 have no contexts: their `decode` takes two arguments.
        put(await decode([...steps.payloadCodecs], payloads, context));
      } catch {
        // A payload that cannot be decoded stays as it is.
      }
    }
  }
  return { events, undecoded };
}

/** Returns a copy of events, whose payloads can be replaced. */
export function copyOf(events: readonly Event[]): Event[] {
  const { History } = temporal.api.history.v1;
  return History.decode(History.encode({ events: [...events] }).finish()).events;
}

import type { UndecodedPayload } from '../model/undecoded-payload';
import type { Event } from '../temporal/event';
import type { OwningWorkflow } from '../temporal/serialization-context';
import { decodedEvents } from './engine/decoded-events';
import { retrievedEvents } from './engine/retrieved-events';
import type { ReplayableProject } from './engine/loaded-project';
import { PayloadSteps } from './engine/payload-steps';

/** A recorded event with a payload that the external storage or the payload codecs of a project cannot decode. */
export interface UndecodableEvent {
  eventId: number;
  payload: UndecodedPayload;
}

/**
 * Decodes the payloads of a history with the external storage and the payload codecs of a project, and returns the events
 * with a payload that cannot be decoded, in the order of their ids. What the payload converter of the bundle cannot take
 * shows only in a replay.
 */
export async function undecodablePayloads(
  events: readonly Event[],
  { settings }: Pick<ReplayableProject, 'settings'>,
  workflow: OwningWorkflow,
): Promise<UndecodableEvent[]> {
  const steps = new PayloadSteps(settings.dataConverter ?? {});
  const retrieved = await retrievedEvents(events, steps);
  const decoded = await decodedEvents(retrieved.events, steps, workflow);
  return [...new Map([...decoded.undecoded, ...retrieved.undecoded])]
    .map(([eventId, payload]) => ({ eventId, payload }))
    .sort((a, b) => a.eventId - b.eventId);
}

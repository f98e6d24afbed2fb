import { isReference, retrieveReferences } from '../../sdk/external-storage';
import { type Event, eventIdOf } from '../../temporal/commands';
import { payloadSlotsOf } from '../../temporal/payload-slots';
import type { UndecodedPayload } from '../../model/undecoded-payload';
import { type PayloadSteps, undecoded as undecodedPayload } from './payload-steps';
import { type DecodedEvents, copyOf } from './decoded-events';

/**
 * Returns the events with the payloads that external storage holds in the place of their references, for the replay and for the
 * comparison alike: the code produces payloads and never references, since nothing is stored on replay. A reference that
 * cannot be retrieved stays, and fails the replay if the code needs its payload. The given events are not changed.
 */
export async function retrievedEvents(
  recorded: readonly Event[],
  steps: PayloadSteps,
): Promise<DecodedEvents> {
  const undecoded = new Map<number, UndecodedPayload>();
  if (!recorded.some((event) => referencesOf(event).length > 0)) return { events: recorded, undecoded };
  const events = copyOf(recorded);
  let current = 0;
  steps.begin((payload) => void (undecoded.has(current) || undecoded.set(current, payload)));
  for (const event of events) {
    current = eventIdOf(event);
    for (const { payloads, put } of referencesOf(event)) {
      try {
        put(await retrieveReferences(steps.externalStorage, payloads));
      } catch (err) {
        // The steps have reported it, unless the reference itself is damaged.
        if (!undecoded.has(current)) undecoded.set(current, undecodedPayload('storage', null, err));
      }
    }
  }
  return { events, undecoded };
}

const referencesOf = (event: Event) =>
  payloadSlotsOf(event).filter(({ payloads }) => payloads.some(isReference));

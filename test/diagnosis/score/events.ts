import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceDirectory } from './service-files';

interface StoredEvent {
  eventId: string;
  eventType: string;
  [attributes: string]: unknown;
}

/**
 * Id of the event that a text names: its type, with the name that the event bears (activity type, patch id …) where several
 * things have that type, and `#n` for the n-th of those (`ActivityTaskScheduled sendEmail #2`; the first one without).
 *
 * @throws where the history has no such event
 */
export function eventIdOf(service: string, history: string, text: string): number {
  const [, type, name, count] = /^(\w+)(?: ([\w-]+))?(?: #(\d+))?$/.exec(text) ?? [];
  const events = eventsOf(service, history).filter(
    (event) => typeOf(event) === type && (name === undefined || nameOf(event) === name),
  );
  const found = events[Number(count ?? 1) - 1];
  if (!found) throw new Error(`${service}/${history} has no ${text}`);
  return Number(found.eventId);
}

const eventsOf = (service: string, history: string): StoredEvent[] => {
  const file = join(serviceDirectory(service), 'histories', `${history}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { events: StoredEvent[] }).events;
};

/** `EVENT_TYPE_TIMER_STARTED` as the Web UI writes it: `TimerStarted`. Upserts of patches are no upserts of the code. */
function typeOf(event: StoredEvent): string {
  if (JSON.stringify(event).includes('"TemporalChangeVersion"')) return 'PatchSearchAttributes';
  return event.eventType
    .replace('EVENT_TYPE_', '')
    .toLowerCase()
    .replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function nameOf(event: StoredEvent): string | undefined {
  const key = Object.keys(event).find((each) => each.endsWith('EventAttributes'));
  const attributes = (key === undefined ? {} : event[key]) as {
    activityType?: { name: string };
    details?: Record<string, { payloads: { data: string }[] }>;
  };
  if (attributes.activityType) return attributes.activityType.name;
  const [marker] = Object.values(attributes.details ?? {});
  if (!marker) return undefined;
  const data = JSON.parse(Buffer.from(marker.payloads[0]!.data, 'base64').toString()) as Record<
    string,
    string
  >;
  return data['id'] ?? data['activity_type'];
}

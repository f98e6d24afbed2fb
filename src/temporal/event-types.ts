import { temporal } from '@temporalio/proto';
import { type AttributesKey, nameOfAttributes } from './event';

const { EventType } = temporal.api.enums.v1;

/** `EVENT_TYPE_TIMER_FIRED` → `timerFiredEventAttributes`. */
const attributesOfEnumName = (name: string): AttributesKey =>
  `${name
    .replace(/^EVENT_TYPE_/, '')
    .toLowerCase()
    .replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}EventAttributes` as AttributesKey;

const ATTRIBUTES_BY_TYPE = new Map<number, AttributesKey>();
const TYPE_BY_ATTRIBUTES = new Map<AttributesKey, number>();
for (const [name, type] of Object.entries(EventType)) {
  if (typeof type !== 'number' || type === EventType.EVENT_TYPE_UNSPECIFIED) continue;
  ATTRIBUTES_BY_TYPE.set(type, attributesOfEnumName(name));
  TYPE_BY_ATTRIBUTES.set(attributesOfEnumName(name), type);
}

/** Returns the attributes field of an event type; undefined for a type that the installed packages don't know. */
export const attributesKeyOfType = (type: number | null | undefined): AttributesKey | undefined =>
  ATTRIBUTES_BY_TYPE.get(type ?? 0);

/** Returns the number of the event type with these attributes. */
export const eventTypeOfAttributes = (key: AttributesKey): number => TYPE_BY_ATTRIBUTES.get(key)!;

/** Returns the event type in the CamelCase of the Web UI; `event type 99` for one that the installed packages don't know. */
export function eventTypeName(type: number | null | undefined): string {
  const key = attributesKeyOfType(type);
  return key === undefined ? `event type ${type ?? 0}` : nameOfAttributes(key);
}

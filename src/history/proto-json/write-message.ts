import { type MessageField, type MessageType, isEnumType } from '../../sdk/message-types';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * Returns a message as proto3 JSON, in the form in which Go's protojson (and so the Temporal CLI) has it: the fields that are
 * set, in the order of their declaration; enums by name, 64-bit integers as strings, bytes as base64, durations as `"10s"`.
 * The keys of maps are sorted, because on the wire their order changes from one call to the next.
 */
export function writeMessage(type: MessageType, message: object): Json {
  const wellKnown = WELL_KNOWN[type.fullName];
  if (wellKnown) return wellKnown(message);
  const json: JsonObject = {};
  for (const field of type.fieldsArray) {
    if (!Object.hasOwn(message, field.name)) continue;
    const value = (message as Record<string, unknown>)[field.name];
    if (value === undefined || value === null) continue;
    field.resolve();
    if (!field.map && !field.repeated) json[field.name] = writeValue(field, value);
    else if (Object.keys(value).length > 0)
      json[field.name] = field.map ? writeMap(field, value) : writeList(field, value as unknown[]);
  }
  return json;
}

interface SecondsAndNanos {
  /** A number or a Long. */
  seconds?: { toString(): string } | null;
  nanos?: number | null;
}

/** Well-known types, which JSON does not show as objects. A history has no others (`test/history/encode.test.ts`). */
const WELL_KNOWN: Readonly<Record<string, (value: SecondsAndNanos) => string>> = {
  '.google.protobuf.Timestamp': ({ seconds, nanos }) => {
    const toTheSecond = new Date(Number(seconds ?? 0) * 1000).toISOString().slice(0, -'.000Z'.length);
    return `${toTheSecond}${fraction(nanos ?? 0)}Z`;
  },
  '.google.protobuf.Duration': ({ seconds, nanos }) => {
    const sign = Number(seconds ?? 0) < 0 || (nanos ?? 0) < 0 ? '-' : '';
    return `${sign}${String(seconds ?? 0).replace('-', '')}${fraction(Math.abs(nanos ?? 0))}s`;
  },
};

/** Returns the fraction of a second with 3, 6 or 9 digits; empty if there is none. */
function fraction(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(000){1,2}$/, '')}`;
}

const writeList = (field: MessageField, list: unknown[]): Json => list.map((item) => writeValue(field, item));

/** Does not assign keys one by one: `__proto__` is a legal key of a memo. */
const writeMap = (field: MessageField, map: object): Json =>
  Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, writeValue(field, (map as Record<string, unknown>)[key])]),
  );

function writeValue({ type, resolvedType }: MessageField, value: unknown): Json {
  if (resolvedType !== null)
    return isEnumType(resolvedType)
      ? (resolvedType.valuesById[value as number] ?? (value as number))
      : writeMessage(resolvedType, value as object);
  if (type === 'bytes') return Buffer.from(value as Uint8Array).toString('base64');
  if (type.endsWith('64')) return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value as string | number | boolean;
}

/**
 * Proto3 JSON of a message by protobufjs' reflection, for SDKs before 1.23. Their own `historyToJSON` gives a text, and
 * throws on bytes in maps, thus on every payload, with the proto3-json-serializer 2.0.2 that npm installs beside them
 * (googleapis/proto3-json-serializer-nodejs#103). Of the well-known types a history has only these two.
 * Held by test/package/tarball.test.ts.
 */
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

interface SecondsAndNanos {
  /** A number or a Long. */
  seconds?: { toString(): string } | null;
  nanos?: number | null;
}

/** What protobufjs knows of a message type. */
export interface ReflectedType {
  fullName: string;
  fieldsArray: readonly ReflectedField[];
}
interface ReflectedField {
  name: string;
  /** Of a scalar, its name: `int64`, `bytes`. */
  type: string;
  map: boolean;
  repeated: boolean;
  resolvedType: object | null;
  resolve(): unknown;
}
interface ReflectedEnum {
  valuesById: Readonly<Record<number, string>>;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The fields that are set, in the order of their declaration, as Go's protojson has them. */
export function writeProtoJson(type: ReflectedType, message: object): Json {
  const wellKnown = WELL_KNOWN[type.fullName];
  if (wellKnown) return wellKnown(message);
  const json: { [key: string]: Json } = {};
  for (const field of type.fieldsArray) {
    field.resolve();
    const value = Object.hasOwn(message, field.name)
      ? (message as Record<string, unknown>)[field.name]
      : undefined;
    if (value === undefined || value === null) continue;
    if (!field.map && !field.repeated) json[field.name] = single(field, value);
    else if (Object.keys(value).length > 0)
      json[field.name] = field.map
        ? mapped(field, value)
        : (value as unknown[]).map((item) => single(field, item));
  }
  return json;
}

/** `__proto__` is a legal key of a memo: no assignment. */
const mapped = (field: ReflectedField, value: object): Json =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, single(field, item)]));

function single(field: ReflectedField, value: unknown): Json {
  const { resolvedType } = field;
  if (resolvedType !== null) {
    if ('valuesById' in resolvedType)
      return (resolvedType as ReflectedEnum).valuesById[value as number] ?? (value as number);
    return writeProtoJson(resolvedType as ReflectedType, value as object);
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (field.type.endsWith('64')) return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value as string | number | boolean;
}

/** Nothing, or 3, 6 or 9 digits. */
function fraction(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(000){1,2}$/, '')}`;
}

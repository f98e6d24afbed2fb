/**
 * Reads the JSON of protobuf messages, guided by the message types of `@temporalio/proto` itself.
 *
 * protobufjs' own `fromJson` does not serve, for three reasons: it accepts one spelling only (users have histories in six), its
 * errors quote the wrong value (which can be a payload), and they don't name its place in the file.
 * This reader accepts for any field: camelCase and snake_case names; enums as `EVENT_TYPE_TIMER_FIRED`, `TimerFired` or 11; 64-bit integers
 * as string, number or `{low, high}`; bytes as base64, `{type: 'Buffer', data}`, an array or an object of numbers; times and
 * durations as protojson strings or `{seconds, nanos}`. Unknown fields are ignored, as the SDK itself does.
 */
import {
  type EnumType,
  type Message,
  type MessageField,
  type MessageType,
  historyEventType,
  isEnumType,
} from '../../sdk/message-types';
import { isWellFormed } from '../../util/well-formed';
import { ProblemError } from '../formats/problem';

type Reader = (json: unknown) => unknown;

/** protobufjs' own Long class, taken from a decoded event: its copy may differ from any that could be imported here. */
const Long = (historyEventType.decode(new Uint8Array([8, 1]))['eventId'] as object)
  .constructor as unknown as {
  new (low: number, high: number, unsigned: boolean): LongLike;
  fromString(text: string, unsigned: boolean): LongLike;
  fromNumber(value: number, unsigned: boolean): LongLike;
};

interface LongLike {
  isZero(): boolean;
}

const readers = new Map<string, Reader>();
/** The same by the types themselves, whose full names take long to make. */
const readersByType = new Map<MessageType, Reader>();

/** Longest chain of nested messages; core's own protobuf reader (prost) refuses 100. */
const MAX_DEPTH = 92;
let depth = 0;

/** Reads `json` as a message of `type`. @throws {@link ProblemError} `BAD_FIELD`, `DECODED_DOWNLOAD` or `TOO_DEEP` */
export function readMessage(type: MessageType, json: unknown): Message {
  depth = 0;
  return messageReader(type)(json) as Message;
}

function messageReader(type: MessageType): Reader {
  const known = readersByType.get(type) ?? readerNamed(type);
  readersByType.set(type, known);
  return known;
}

function readerNamed(type: MessageType): Reader {
  const known = readers.get(type.fullName);
  if (known) return known;
  const special = SPECIAL[type.fullName];
  if (special) {
    const reader = special(type);
    readers.set(type.fullName, reader);
    return reader;
  }
  // Filled on first use: types refer to each other, and most are never needed.
  let fields: Map<string, FieldReader> | undefined;
  const reader: Reader = (json) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw badField(`a ${type.name} object`, json);
    fields ??= fieldReaders(type);
    if (++depth > MAX_DEPTH) {
      throw new ProblemError(
        'TOO_DEEP',
        `messages are nested more than ${MAX_DEPTH} deep, which Temporal's core refuses{at}.`,
      );
    }
    const message = new type.ctor();
    for (const key in json) {
      const value = (json as Message)[key];
      if (value === null || value === undefined) continue;
      const field = fields.get(key);
      if (field === undefined) continue;
      try {
        const read = field.read(value);
        // Binary histories don't hold defaults either; protobufjs would write them out.
        if (field.presence || !isDefault(read)) message[field.name] = read;
      } catch (err) {
        if (err instanceof ProblemError) err.path.unshift(key);
        throw err;
      }
    }
    depth--;
    return message;
  };
  readers.set(type.fullName, reader);
  return reader;
}

interface FieldReader {
  name: string;
  /** True if 0 or '' differs from an unset field: for messages, lists, maps, `optional` and `oneof` fields. */
  presence: boolean;
  read: Reader;
}

function fieldReaders(type: MessageType): Map<string, FieldReader> {
  const fields = new Map<string, FieldReader>();
  for (const declared of type.fieldsArray) {
    const field = declared.resolve();
    const single = valueReader(field);
    const read = field.map ? mapReader(single) : field.repeated ? listReader(single) : single;
    const entry = { name: field.name, presence: field.hasPresence || field.map || field.repeated, read };
    fields.set(field.name, entry);
    fields.set(field.protoName ?? toSnakeCase(field.name), entry);
  }
  return fields;
}

function isDefault(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    return 'isZero' in value
      ? (value as { isZero(): boolean }).isZero()
      : value instanceof Uint8Array && value.length === 0;
  }
  return value === 0 || value === '' || value === false;
}

const toSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function mapReader(single: Reader): Reader {
  return (json) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw badField('an object', json);
    const map: Message = {};
    for (const key of Object.keys(json)) {
      const value = (json as Message)[key];
      try {
        // Assignment would fail for a header or memo named `__proto__`.
        Object.defineProperty(map, wellFormed(key), {
          value: single(value),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      } catch (err) {
        if (err instanceof ProblemError) err.path.unshift(key);
        throw err;
      }
    }
    return map;
  };
}

function listReader(single: Reader): Reader {
  return (json) => {
    if (!Array.isArray(json)) throw badField('an array', json);
    const list = new Array<unknown>(json.length);
    for (let i = 0; i < json.length; i++) {
      try {
        list[i] = single(json[i]);
      } catch (err) {
        if (err instanceof ProblemError) err.path.unshift(i);
        throw err;
      }
    }
    return list;
  };
}

function valueReader(field: MessageField): Reader {
  const type = field.resolvedType;
  if (type !== null) {
    if (isEnumType(type)) return enumReader(type);
    let reader: Reader | undefined;
    return (json) => (reader ??= messageReader(type))(json);
  }
  switch (field.type) {
    case 'string':
      return (json) => {
        if (typeof json !== 'string') throw badField('a string', json);
        return wellFormed(json);
      };
    case 'bool':
      return (json) => {
        if (typeof json !== 'boolean') throw badField('true or false', json);
        return json;
      };
    case 'bytes':
      return readBytes;
    case 'int64':
    case 'sint64':
    case 'sfixed64':
      return (json) => readLong(json, false);
    case 'uint64':
    case 'fixed64':
      return (json) => readLong(json, true);
    default:
      return readNumber;
  }
}

/** Core takes strings as UTF-8, which has no lone halves of surrogate pairs. */
function wellFormed(text: string): string {
  if (!isWellFormed(text)) throw badField('text that UTF-8 can hold', text);
  return text;
}

function readNumber(json: unknown): number {
  const value = typeof json === 'string' && json !== '' ? Number(json) : json;
  if (typeof value !== 'number' || Number.isNaN(value)) throw badField('a number', json);
  return value;
}

function readLong(json: unknown, unsigned: boolean): LongLike {
  // Most are such numbers, which need no arithmetic of Longs.
  if (typeof json === 'string' && SAFE_INTEGER.test(json)) return Long.fromNumber(Number(json), unsigned);
  if (typeof json === 'string' && /^-?\d{1,20}$/.test(json)) return Long.fromString(json, unsigned);
  if (typeof json === 'number' && Number.isSafeInteger(json)) return Long.fromNumber(json, unsigned);
  if (typeof json === 'object' && json !== null && 'low' in json && 'high' in json) {
    const { low, high } = json;
    if (typeof low === 'number' && typeof high === 'number') return new Long(low | 0, high | 0, unsigned);
  }
  throw badField('an integer', json);
}

/** Matches a text of a whole number that is exact as a number. */
const SAFE_INTEGER = /^\d{1,15}$/;

function readBytes(json: unknown): Uint8Array {
  if (typeof json === 'string') {
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(json)) throw badField('base64', json);
    return Buffer.from(json, 'base64');
  }
  if (typeof json === 'object' && json !== null) {
    const holder = json as { type?: unknown; data?: unknown };
    const list = holder.type === 'Buffer' && Array.isArray(holder.data) ? holder.data : json;
    const values: unknown[] = Array.isArray(list) ? list : indexed(list as Message);
    if (values.every((value) => typeof value === 'number' && value >= 0 && value <= 255)) {
      return Buffer.from(values as number[]);
    }
  }
  throw badField('base64 or bytes', json);
}

/** Returns `[1, 2]` for `{"0": 1, "1": 2}`; for other objects a list that is no list of bytes. */
function indexed(json: Message): unknown[] {
  const keys = Object.keys(json);
  return keys.every((key, i) => key === String(i)) ? keys.map((key) => json[key]) : [undefined];
}

function enumReader(type: EnumType): Reader {
  const byName = new Map<string, number>();
  const names = Object.keys(type.values);
  const prefix = /^[A-Z0-9_]*_/.exec(toSnakeCase(type.name).replace(/^_/, '').toUpperCase() + '_')![0];
  for (const name of names) {
    const value = type.values[name]!;
    byName.set(name, value);
    byName.set(name.startsWith(prefix) ? squash(name.slice(prefix.length)) : squash(name), value);
  }
  return (json) => {
    if (typeof json === 'number' && Number.isInteger(json)) return json;
    if (typeof json !== 'string') throw badField(`a ${type.name}`, json);
    const value = byName.get(json) ?? byName.get(squash(json));
    if (value !== undefined) return value;
    // The SDK reads a name that its @temporalio/proto doesn't know as 0, too. See readEvent in json.ts for event types.
    return /^\d+$/.test(json) ? Number(json) : 0;
  };
}

/** `TIMER_FIRED`, `TimerFired` → `timerfired`. */
const squash = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** Types whose JSON differs from that of their fields. */
const SPECIAL: Record<string, (type: MessageType) => Reader> = {
  '.google.protobuf.Timestamp': (type) => (json) => readTime(type, json, parseTimestamp, 'a time (RFC 3339)'),
  '.google.protobuf.Duration': (type) => (json) =>
    readTime(type, json, parseDuration, 'a duration such as "10s"'),
  '.google.protobuf.FieldMask': (type) => () => new type.ctor(),
  '.google.protobuf.Empty': (type) => () => new type.ctor(),
  '.temporal.api.common.v1.Payload': payloadReader,
  '.temporal.api.common.v1.Payloads': payloadsReader,
};

interface Seconds {
  seconds: LongLike;
  nanos: number;
}

function readTime(
  type: MessageType,
  json: unknown,
  parse: (text: string) => Seconds | undefined,
  wanted: string,
): Message {
  let parsed: Seconds | undefined;
  if (typeof json === 'string') parsed = parse(json);
  else if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    const { seconds, nanos } = json as { seconds?: unknown; nanos?: unknown };
    parsed = {
      seconds:
        seconds === undefined || seconds === null ? Long.fromNumber(0, false) : readLong(seconds, false),
      nanos: nanos === undefined || nanos === null ? 0 : readNumber(nanos),
    };
  }
  if (parsed === undefined) throw badField(wanted, json);
  const message = new type.ctor();
  if (!parsed.seconds.isZero()) message['seconds'] = parsed.seconds;
  if (parsed.nanos !== 0) message['nanos'] = parsed.nanos;
  return message;
}

/** Matches a time in UTC that is its minute plus a number of seconds. */
const USUAL_TIME = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:([0-5]\d)(?:\.(\d{1,9}))?Z$/;
const MINUTE_LENGTH = '2000-01-01T00:00:'.length;
/** The minute of the last time: most events follow within the same one. */
let lastMinute = { text: '', seconds: NaN };

const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

function parseTimestamp(text: string): Seconds | undefined {
  const usual = USUAL_TIME.exec(text);
  if (!usual) return parseAnyTimestamp(text);
  const minute = text.slice(0, MINUTE_LENGTH);
  if (minute !== lastMinute.text) lastMinute = { text: minute, seconds: Date.parse(`${minute}00Z`) / 1000 };
  const seconds = lastMinute.seconds + Number(usual[1]);
  if (Number.isNaN(seconds)) return undefined;
  return { seconds: Long.fromNumber(seconds, false), nanos: nanosOf(usual[2]) };
}

function parseAnyTimestamp(text: string): Seconds | undefined {
  const match = TIMESTAMP.exec(text);
  if (!match) return undefined;
  const ms = Date.parse(match[1]! + match[3]!);
  if (Number.isNaN(ms)) return undefined;
  return { seconds: Long.fromNumber(ms / 1000, false), nanos: nanosOf(match[2]) };
}

const DURATION = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;

function parseDuration(text: string): Seconds | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  const sign = match[1] === '-' ? -1 : 1;
  return { seconds: Long.fromNumber(sign * Number(match[2]), false), nanos: sign * nanosOf(match[3]) || 0 };
}

const nanosOf = (fraction: string | undefined): number =>
  fraction === undefined ? 0 : Number(fraction.padEnd(9, '0'));

const PAYLOAD_KEYS = new Set(['metadata', 'data', 'externalPayloads', 'external_payloads']);

/** Reads a payload, and refuses the plain value that the Web UI's decoded download or the server's HTTP API has instead. */
function payloadReader(type: MessageType): Reader {
  let metadataReader: Reader | undefined;
  return (json) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw decodedPayload();
    for (const key in json) if (!PAYLOAD_KEYS.has(key)) throw decodedPayload();
    const { metadata, data } = json as { metadata?: unknown; data?: unknown };
    const message = new type.ctor();
    if (metadata !== undefined && metadata !== null) {
      const encoding = (metadata as Message)['encoding'];
      // Tools that decode payloads write the encoding as text, which is never its base64.
      if (typeof encoding === 'string' && /^(json|binary)\/[a-z]+$/.test(encoding)) throw decodedPayload();
      metadataReader ??= mapReader(readBytes);
      try {
        message['metadata'] = metadataReader(metadata);
      } catch (err) {
        if (err instanceof ProblemError) err.path.unshift('metadata');
        throw err;
      }
    }
    if (data !== undefined && data !== null) {
      if (typeof data === 'string' && !/^[A-Za-z0-9+/_-]*={0,2}$/.test(data)) throw decodedPayload();
      try {
        message['data'] = readBytes(data);
      } catch {
        throw decodedPayload();
      }
    }
    return message;
  };
}

function payloadsReader(type: MessageType): Reader {
  let read: Reader | undefined;
  return (json) => {
    if (Array.isArray(json)) throw shorthandPayloads();
    if (typeof json !== 'object' || json === null) throw decodedPayload();
    const { payloads } = json as { payloads?: unknown };
    const message = new type.ctor();
    if (payloads === undefined || payloads === null) return message;
    read ??= fieldReaders(type).get('payloads')!.read;
    try {
      message['payloads'] = read(payloads);
    } catch (err) {
      if (err instanceof ProblemError) err.path.unshift('payloads');
      throw err;
    }
    return message;
  };
}

function decodedPayload(): ProblemError {
  return new ProblemError(
    'DECODED_DOWNLOAD',
    'payloads are shown as plain values{at}: this is a decoded download, made for reading, and the original payloads that a ' +
      'replay needs are not in it. Download it again without decoding: `temporal workflow show --output json`, or the ' +
      "Web UI's download with the encoded setting.",
  );
}

function shorthandPayloads(): ProblemError {
  return new ProblemError(
    'DECODED_DOWNLOAD',
    "payloads are in the HTTP API's shorthand{at}, which leaves out their encoding. Ask for `application/json+no-payload-shorthand` " +
      'in the Accept header, or use `temporal workflow show --output json`.',
  );
}

/** Names the kind of the value, never the value itself, which can be a payload. */
function badField(wanted: string, json: unknown): ProblemError {
  const got =
    json === null
      ? 'null'
      : Array.isArray(json)
        ? 'an array'
        : typeof json === 'object'
          ? 'an object'
          : `a ${typeof json}`;
  const other = got === 'a string' || got === 'a number' ? `another ${got.slice(2)}` : got;
  return new ProblemError('BAD_FIELD', `expected ${wanted}, found ${other}{at}. Download the history again.`);
}

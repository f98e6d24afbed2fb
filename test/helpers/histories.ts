/** Fixtures of test/history, and the forms in which other tools write them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as proto from '@temporalio/proto';
import { decodeHistories, type DecodedHistory } from '../../src/history/decode';

export type History = proto.temporal.api.history.v1.IHistory;
export type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;
const { History } = proto.temporal.api.history.v1;

/** protobufjs' own reader of JSON, in the copy that `@temporalio/proto` loads: ours is compared with it. */
const { fromJson } = createRequire(require.resolve('@temporalio/proto'))('protobufjs/ext/protojson') as {
  fromJson(type: object, json: unknown, options: { ignoreUnknownFields: boolean }): History;
};

export const historyFromProtoJson = (json: unknown): History =>
  fromJson(proto.temporal.api.history.v1.History, json, { ignoreUnknownFields: true });

const FIXTURES = join(__dirname, '../history/validate/fixtures');

export const fixtureFile = (name: string): string => join(FIXTURES, name);
export const fixtureText = (name: string): string => readFileSync(fixtureFile(name), 'utf8');

/** Returns a fresh copy of the JSON of a recorded history, as `temporal workflow show --output json` wrote it. */
export const fixtureJson = (name: string): { events: Json[] } =>
  JSON.parse(fixtureText(`${name}.json`)) as { events: Json[] };

/** Returns the recorded history as protobufjs' own JSON reader reads it. Every form of it must decode to this. */
export const fixtureHistory = (name: string): History => historyFromProtoJson(fixtureJson(name));

export type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Returns the bytes of a history, in which any difference shows. */
export const encode = (history: History): Buffer => Buffer.from(History.encode(history).finish());

export const decode = (content: string | Uint8Array, file = 'h.json'): DecodedHistory[] => [
  ...decodeHistories({ file, bytes: typeof content === 'string' ? Buffer.from(content) : content }),
];

/** Decodes `content`, which must hold a single history. */
export function decodeOne(content: string | Uint8Array, file?: string): History {
  const entries = decode(content, file);
  if (entries.length !== 1 || !entries[0]!.history) {
    throw new Error(
      `expected one history, got ${JSON.stringify(entries.map((entry) => entry.problem ?? entry.reference))}`,
    );
  }
  return entries[0]!.history!;
}

/** Returns one length-delimited field, as protobuf writes it. */
export function field(id: number, content: Uint8Array): Buffer {
  const length: number[] = [];
  let left = content.length;
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return Buffer.concat([Buffer.from([(id << 3) | 2, ...length]), content]);
}

/** Returns an export of Temporal Cloud: `WorkflowExecutions { repeated WorkflowExecution items = 1 }`, `WorkflowExecution { History history = 1 }`. */
export const cloudExport = (...histories: Uint8Array[]): Buffer =>
  Buffer.concat(histories.map((history) => field(1, field(1, history))));

const ENUM =
  /^(EVENT_TYPE|TASK_QUEUE_KIND|RETRY_STATE|PARENT_CLOSE_POLICY|WORKFLOW_ID_REUSE_POLICY|TIMEOUT_TYPE|CONTINUE_AS_NEW_INITIATOR|WORKFLOW_TASK_FAILED_CAUSE|SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE|CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE)_([A-Z_0-9]+)$/;

/** Renames enums as older tools wrote them, at every depth: `EVENT_TYPE_TIMER_FIRED` becomes `TimerFired`. */
export function pascalCaseEnums(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(pascalCaseEnums);
  if (typeof json === 'object' && json !== null) {
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, pascalCaseEnums(value)]));
  }
  const match = typeof json === 'string' ? ENUM.exec(json) : null;
  return match
    ? match[2]!.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
    : json;
}

/** Fields with objects whose keys are the user's, not field names. */
const MAPS = new Set(['fields', 'indexedFields', 'details', 'metadata']);

export function snakeCaseKeys(json: unknown, isMap = false): unknown {
  if (Array.isArray(json)) return json.map((item) => snakeCaseKeys(item));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      isMap ? key : key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeCaseKeys(
        value,
        !isMap && MAPS.has(key) && typeof value === 'object' && !('payloads' in (value as object)),
      ),
    ]),
  );
}

/** Returns `JSON.stringify(await handle.fetchHistory())` of SDKs whose histories are plain protobufjs objects. */
export function plainObjects(value: unknown, bytes: 'buffer' | 'indexed' | 'array'): unknown {
  if (value instanceof Uint8Array) {
    if (bytes === 'buffer') return { type: 'Buffer', data: [...value] };
    return bytes === 'array'
      ? [...value]
      : Object.fromEntries([...value].map((byte, i) => [String(i), byte]));
  }
  if (Array.isArray(value)) return value.map((item) => plainObjects(item, bytes));
  if (typeof value !== 'object' || value === null) return value;
  if ('low' in value && 'high' in value && 'unsigned' in value) {
    return { low: value.low, high: value.high, unsigned: value.unsigned };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainObjects(item, bytes)]));
}

export const gzip = (content: string | Uint8Array): Buffer => gzipSync(content);

export const utf16 = (text: string, endian: 'le' | 'be', bom: boolean): Buffer => {
  const bytes = Buffer.from((bom ? '\uFEFF' : '') + text, 'utf16le');
  return endian === 'be' ? bytes.swap16() : bytes;
};

/** Returns a deep copy, as protobuf messages with real Longs. */
export const clone = (history: History): History & { events: HistoryEvent[] } =>
  History.decode(History.encode(history).finish()) as History & { events: HistoryEvent[] };

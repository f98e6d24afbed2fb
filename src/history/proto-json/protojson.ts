import { createRequire } from 'node:module';
import * as proto from '@temporalio/proto';
import { type ReflectedType, writeProtoJson } from './write-message';

/** A decoded history: `temporal.api.history.v1.History`. */
export type History = proto.temporal.api.history.v1.IHistory;
export type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** The part of protobufjs' reflection that is used here. Its own types differ between the copies that npm installs. */
interface MessageType {
  fullName: string;
  fieldsArray: MessageField[];
}
interface MessageField {
  name: string;
  jsonName?: string;
  map: boolean;
  repeated: boolean;
  resolvedType: MessageType | object | null;
}
interface ProtoJson {
  toJson(type: MessageType, message: object): Json;
  fromJson(type: MessageType, json: unknown, options: { ignoreUnknownFields: boolean }): object;
}
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/**
 * `historyToJSON` and `historyFromJSON` of `@temporalio/common` throw "type must be a Type" wherever npm gives `common`
 * and `proto` a copy of protobufjs each, which a plain install does (the protobufjs 7 of grpc is hoisted). The copy that
 * `proto` itself loads accepts its types wherever npm put it. Held by test/history/encode.test.ts.
 */
const fromProto = createRequire(require.resolve('@temporalio/proto'));

interface ProtoRoot {
  lookupType(name: string): MessageType;
}

const HISTORY = 'temporal.api.history.v1.History';

function loadProtoJson(): { protojson: ProtoJson; historyType: MessageType } {
  const root = proto as unknown as ProtoRoot;
  try {
    const protojson = fromProto('protobufjs/ext/protojson') as ProtoJson;
    return { protojson, historyType: root.lookupType(HISTORY) };
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw err;
    return loadSerializerOfCommon(root);
  }
}

/** SDKs before 1.23 have one copy of protobufjs 7 and no `protojson`: there, `common` reads, and we write. */
function loadSerializerOfCommon(root: ProtoRoot): { protojson: ProtoJson; historyType: MessageType } {
  const { historyFromJSON } = require('@temporalio/common/lib/proto-utils') as {
    historyFromJSON(json: unknown): object;
  };
  const { patchProtobufRoot } = require('@temporalio/proto/lib/patch-protobuf-root') as {
    patchProtobufRoot(root: ProtoRoot): ProtoRoot;
  };
  return {
    protojson: {
      toJson: (type, history) => writeProtoJson(type as unknown as ReflectedType, history),
      fromJson: (_, json) => historyFromJSON(json),
    },
    historyType: patchProtobufRoot(root).lookupType(HISTORY),
  };
}

const { protojson, historyType } = loadProtoJson();

/**
 * A history as proto3 JSON, `{ events: [ … ] }`: enums by name, 64-bit integers as strings, bytes as base64, durations as
 * `"10s"`. The keys of maps are sorted, as the CLI does: on the wire their order changes from one call to the next.
 */
export function historyToProtoJson(history: History): JsonObject {
  const json = protojson.toJson(historyType, history) as JsonObject;
  sortMaps(historyType, json);
  return json;
}

/**
 * The inverse of {@link historyToProtoJson}. Fields and enum names that this version of `@temporalio/proto` doesn't know
 * are skipped unless `ignoreUnknownFields` is false.
 *
 * @throws Error of protobufjs, which names the field
 */
export function historyFromProtoJson(json: unknown, { ignoreUnknownFields = true } = {}): History {
  return protojson.fromJson(historyType, json, { ignoreUnknownFields }) as History;
}

function sortMaps(type: MessageType, json: JsonObject): void {
  for (const [key, field] of fieldsWithMaps(type)) {
    const value = json[key];
    if (value === undefined || value === null) continue;
    if (field.map) json[key] = sortKeys(value as JsonObject);
    const inner = field.resolvedType;
    if (!isMessageType(inner)) continue;
    for (const item of field.map ? Object.values(value) : field.repeated ? (value as Json[]) : [value]) {
      sortMaps(inner, item as JsonObject);
    }
  }
}

function sortKeys(map: JsonObject): JsonObject {
  const sorted: JsonObject = {};
  for (const key of Object.keys(map).sort()) {
    // `__proto__` is a legal key of a memo.
    Object.defineProperty(sorted, key, {
      value: map[key],
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return sorted;
}

const fieldsByType = new Map<MessageType, [string, MessageField][]>();

/** The fields of a type that are maps or lead to one, by their JSON name. */
function fieldsWithMaps(type: MessageType): [string, MessageField][] {
  let fields = fieldsByType.get(type);
  if (fields === undefined) {
    fields = type.fieldsArray
      .filter((field) => field.map || (isMessageType(field.resolvedType) && leadsToMap(field.resolvedType)))
      .map((field) => [field.jsonName ?? field.name, field]);
    fieldsByType.set(type, fields);
  }
  return fields;
}

/** Types refer to themselves (`Failure.cause`), hence `seen`. */
function leadsToMap(type: MessageType, seen = new Set<MessageType>()): boolean {
  // Timestamps, durations and the like are not objects in JSON.
  if (seen.has(type) || type.fullName.startsWith('.google.protobuf.')) return false;
  seen.add(type);
  return type.fieldsArray.some(
    (field) => field.map || (isMessageType(field.resolvedType) && leadsToMap(field.resolvedType, seen)),
  );
}

function isMessageType(type: object | null): type is MessageType {
  return type !== null && 'fieldsArray' in type;
}

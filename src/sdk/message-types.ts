import * as proto from '@temporalio/proto';

/**
 * A message type of protobufjs' reflection, on which reading and writing proto JSON rely. The generated types of
 * `@temporalio/proto` do not declare the reflection. Checked on SDK 1.24.0 (protobufjs 8) and held by
 * `test/history/encode.test.ts`, `test/history/decode.test.ts` and, at both ends of the peer range,
 * `test/package/tarball.test.ts`. There is no fallback: `historyFromJSON` and `historyToJSON` of `@temporalio/common` throw
 * "type must be a Type" if `common` and `proto` have separate copies of protobufjs, as in a plain install of npm, and before
 * SDK 1.23 on every payload (googleapis/proto3-json-serializer-nodejs#103).
 */
export interface MessageType {
  name: string;
  /** Name with its package, such as `.temporal.api.history.v1.History`. */
  fullName: string;
  ctor: new () => Message;
  fieldsArray: readonly MessageField[];
  decode(bytes: Uint8Array): Message;
  encode(message: object): { finish(): Uint8Array };
}

export interface EnumType {
  name: string;
  fullName: string;
  values: Readonly<Record<string, number>>;
  valuesById: Readonly<Record<number, string>>;
}

export interface MessageField {
  /** Name in camelCase, which is also the one in JSON. */
  name: string;
  /** Name of the type, such as `int64` or `bytes`. */
  type: string;
  map: boolean;
  repeated: boolean;
  hasPresence: boolean;
  /** Type of a message or an enum; null for a scalar. Set by `resolve`. */
  resolvedType: MessageType | EnumType | null;
  /** Name in snake_case, if the installed version has it. */
  protoName?: string;
  resolve(): MessageField;
}

export type Message = Record<string, unknown>;

const { History, HistoryEvent } = proto.temporal.api.history.v1;

export const historyType = History as unknown as MessageType;
export const historyEventType = HistoryEvent as unknown as MessageType;

export const isEnumType = (type: MessageType | EnumType): type is EnumType => 'values' in type;

import { createRequire } from 'node:module';
import { writeMessage, type Json } from '../../../src/history/proto-json/write-message';
import { type MessageType, historyType, isEnumType } from '../../../src/sdk/message-types';
import { fixtureHistory } from '../../helpers/histories';

const { toJson } = createRequire(require.resolve('@temporalio/proto'))('protobufjs/ext/protojson') as {
  toJson(type: object, message: object): Json;
};

/** Every message type that a history can hold. */
function typesWithin(type: MessageType, seen = new Map<string, MessageType>()): Map<string, MessageType> {
  if (seen.has(type.fullName)) return seen;
  seen.set(type.fullName, type);
  for (const field of type.fieldsArray) {
    const { resolvedType } = field.resolve();
    if (resolvedType && !isEnumType(resolvedType)) typesWithin(resolvedType, seen);
  }
  return seen;
}

const write = (event: object): unknown =>
  (writeMessage(historyType, { events: [event] }) as { events: Json[] }).events[0];

describe('writeMessage', () => {
  it.each(['everything', 'open'])("writes %s as protobufjs' own writer does", (name) => {
    const history = fixtureHistory(name);

    expect(writeMessage(historyType, history)).toEqual(toJson(historyType, history));
  });

  it('has a form for all well-known types that a history can hold', () => {
    const wellKnown = [...typesWithin(historyType).keys()].filter((name) => name.startsWith('.google.'));

    expect(wellKnown.sort()).toEqual(['.google.protobuf.Duration', '.google.protobuf.Timestamp']);
  });

  it('writes times with 0, 3, 6 or 9 digits of a second', () => {
    const times = [0, 120_000_000, 120_000, 120].map((nanos) =>
      write({ eventTime: { seconds: 1_700_000_000, nanos } }),
    );

    expect(times).toEqual([
      { eventTime: '2023-11-14T22:13:20Z' },
      { eventTime: '2023-11-14T22:13:20.120Z' },
      { eventTime: '2023-11-14T22:13:20.000120Z' },
      { eventTime: '2023-11-14T22:13:20.000000120Z' },
    ]);
  });

  it('writes durations in seconds, also negative ones', () => {
    const durations = [
      { seconds: 90, nanos: 500_000_000 },
      { seconds: -1, nanos: -500_000_000 },
      { nanos: -1_000_000 },
      {},
    ].map((startToFireTimeout) => write({ timerStartedEventAttributes: { startToFireTimeout } }));

    expect(durations).toEqual(
      ['90.500s', '-1.500s', '-0.001s', '0s'].map((startToFireTimeout) => ({
        timerStartedEventAttributes: { startToFireTimeout },
      })),
    );
  });

  it('writes an enum value that it has no name for as a number', () => {
    expect(write({ eventType: 9999 })).toEqual({ eventType: 9999 });
  });

  it('leaves out what is not set, and empty lists and maps', () => {
    expect(
      write({ eventId: null, links: [], markerRecordedEventAttributes: { markerName: 'm', details: {} } }),
    ).toEqual({ markerRecordedEventAttributes: { markerName: 'm' } });
  });

  it('keeps an entry of a map that is named __proto__', () => {
    const fields = JSON.parse('{"b": {}, "__proto__": {}}') as object;

    const { workflowPropertiesModifiedEventAttributes: written } = write({
      workflowPropertiesModifiedEventAttributes: { upsertedMemo: { fields } },
    }) as { workflowPropertiesModifiedEventAttributes: { upsertedMemo: { fields: object } } };

    expect(Object.keys(written.upsertedMemo.fields)).toEqual(['__proto__', 'b']);
  });
});

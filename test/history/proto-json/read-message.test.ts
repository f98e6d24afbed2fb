import { historyEventType } from '../../../src/sdk/message-types';
import { readMessage } from '../../../src/history/proto-json/read-message';
import { ProblemError } from '../../../src/history/formats/problem';
import { numberOf } from '../../../src/temporal/event';
import { random as seededRandom } from '../../helpers/random';

interface ReadEvent {
  eventId?: Integer;
  eventTime?: { seconds?: Integer; nanos?: number };
}
interface Integer {
  low: number;
  high: number;
  unsigned: boolean;
  toString(): string;
}

/** Protobuf's own class, whose arithmetic reads texts of any length. */
const Long = (historyEventType.decode(new Uint8Array([8, 1]))['eventId'] as object)
  .constructor as unknown as {
  fromString(text: string): Integer;
};

const read = (json: object): ReadEvent => readMessage(historyEventType, json) as ReadEvent;

/** Returns the seconds and nanoseconds of a time as it is read; null if it is refused. */
function timeRead(text: string): [seconds: number, nanos: number] | null {
  try {
    const { eventTime } = read({ eventTime: text });
    return [numberOf(eventTime?.seconds), eventTime?.nanos ?? 0];
  } catch (err) {
    if (err instanceof ProblemError) return null;
    throw err;
  }
}

/** Returns the same by the date of the JavaScript engine. */
function timeByDate(text: string): [seconds: number, nanos: number] | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const ms = match ? Date.parse(match[1]! + match[3]!) : NaN;
  return Number.isNaN(ms) ? null : [ms / 1000, Number((match![2] ?? '').padEnd(9, '0'))];
}

const two = (value: number): string => String(value).padStart(2, '0');

describe('the time of an event', () => {
  it('is read as a date reads it, in whatever order times come', () => {
    const random = seededRandom(5);
    const upTo = (most: number): number => Math.floor(random() * (most + 1));
    const oneOf = (texts: readonly string[]): string => texts[upTo(texts.length - 1)]!;
    const day = (): string => `${oneOf(['2024', '1969', '2000', '9999'])}-${two(upTo(13))}-${two(upTo(32))}`;
    const fraction = (): string => oneOf(['', '.5', '.123456789', '.000000001', '.1234567890', '.']);
    let last = `${day()}T10:11:`;
    let refused = 0;
    for (let i = 0; i < 20_000; i++) {
      if (random() < 0.3) last = `${day()}T${two(upTo(25))}:${two(upTo(61))}:`;
      const text = `${last}${two(upTo(61))}${fraction()}${oneOf(['Z', 'Z', 'Z', '+02:00', '-11:30', 'z', ''])}`;

      const time = timeRead(text);

      expect({ text, time }).toEqual({ text, time: timeByDate(text) });
      if (time === null) refused++;
    }
    expect(refused).toBeGreaterThan(1_000);
    expect(refused).toBeLessThan(19_000);
  });

  it('is refused in a minute that does not exist, also the second time', () => {
    for (const text of ['2024-13-01T00:00:00Z', '2024-13-01T00:00:01Z']) expect(timeRead(text)).toBeNull();
  });
});

describe('a 64-bit number', () => {
  it('is read as the arithmetic of Longs reads it, of any length', () => {
    const random = seededRandom(6);
    const digits = (count: number): string =>
      Array.from({ length: count }, () => String(Math.floor(random() * 10))).join('');
    for (let i = 0; i < 20_000; i++) {
      const text = `${random() < 0.2 ? '-' : ''}${digits(1 + Math.floor(random() * 20))}`;
      const expected = Long.fromString(text);

      const { eventId } = read({ eventId: text });

      const { low, high, unsigned } = eventId ?? Long.fromString('0');
      expect({ text, low, high, unsigned }).toEqual({
        ...{ text, low: expected.low, high: expected.high },
        unsigned: false,
      });
    }
  });

  it.each(['9007199254740993', '18446744073709551615', '-1', '0', '4294967296', '999999999999999'])(
    'is the number nearest to %s',
    (text) => {
      const long = Long.fromString(text);

      expect(numberOf(long)).toBe(Number(long.toString()));
    },
  );
});

describe('text with half of a surrogate pair', () => {
  it.each(['\ud800', 'a\udc00b', '\udc00\ud800', 'ab\ud83d'])('%j is refused', (text) => {
    expect(() => read({ markerRecordedEventAttributes: { markerName: text } })).toThrow(ProblemError);
  });

  it('is not taken for a whole pair', () => {
    expect(() => read({ markerRecordedEventAttributes: { markerName: '😀 é' } })).not.toThrow();
  });
});

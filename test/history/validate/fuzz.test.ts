/** `decodeHistories`, `validateHistory` and `identityOf` never throw and never quote a payload, however a file is damaged. */
import { decodeHistories } from '../../../src/history/decode';
import { HISTORY_PROBLEM_CODES } from '../../../src/history/formats/problem';
import { identityOf } from '../../../src/temporal/identity';
import { hasReplayableTask, validateHistory } from '../../../src/history/validate/validate';
import {
  cloudExport,
  encode,
  fixtureHistory,
  fixtureJson,
  fixtureText,
  gzip,
  type Json,
} from '../../helpers/histories';
import { random } from '../../helpers/random';

const text = fixtureText('everything.json');
const compact = Buffer.from(JSON.stringify(fixtureJson('everything')));
const binary = encode(fixtureHistory('everything'));
const FORMS: Record<string, Buffer> = {
  JSON: Buffer.from(text),
  'compact JSON': compact,
  binary,
  export: cloudExport(binary, encode(fixtureHistory('open')), binary),
  gzip: gzip(text),
  NDJSON: Buffer.concat([compact, Buffer.from('\n'), compact]),
};

/** All that a history goes through before core; the codes of what was found. */
function run(bytes: Uint8Array): string[] {
  const found: string[] = [];
  for (const entry of decodeHistories({ file: 'f.json', bytes })) {
    const problem = entry.problem ?? validateHistory(entry.history);
    if (entry.history) {
      identityOf(entry.history, entry);
      hasReplayableTask(entry.history);
    }
    if (problem) {
      expect(HISTORY_PROBLEM_CODES).toContain(problem.code);
      if (/SECRET|U0VDUkVU|undefined|NaN|\{at\}/.test(problem.message)) throw new Error(problem.message);
    }
    found.push(problem?.code ?? 'valid');
  }
  expect(found.length).toBeGreaterThan(0);
  return found;
}

test.each(Object.keys(FORMS))('a file that is cut off anywhere gives histories or problems: %s', (form) => {
  const bytes = FORMS[form]!;
  const step = Math.max(1, Math.floor(bytes.length / 150));
  for (let length = 0; length < bytes.length; length += step) {
    // Cut where an entry ends, the rest is whole; cut anywhere else, one entry isn't.
    const codes = run(bytes.subarray(0, length));
    if (form === 'JSON' || form === 'compact JSON')
      expect(codes.filter((code) => code === 'valid').length).toBe(length >= bytes.length - 1 ? 1 : 0);
  }
});

test.each(Object.keys(FORMS))('a file with changed bytes gives histories or problems: %s', (form) => {
  const next = random(7);
  for (let round = 0; round < 150; round++) {
    const bytes = Buffer.from(FORMS[form]!);
    for (let i = 0; i < 1 + next() * 3; i++)
      bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
    run(bytes);
  }
});

/** Every place in a JSON value. */
function places(json: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.keys(json).flatMap((key) => {
    const here = [...path, Array.isArray(json) ? Number(key) : key];
    return [here, ...places((json as Json)[key], here)];
  });
}

const ODD: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'SECRET',
  '-',
  '9'.repeat(30),
  [],
  {},
  [null],
  { SECRET: 'SECRET' },
  [[[]]],
  { low: 1 },
  { seconds: 'SECRET' },
];

test('a file with a field dropped or replaced gives histories or problems', () => {
  const next = random(11);
  const all = places(fixtureJson('everything'));
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 1500; round++) {
    const json = fixtureJson('everything');
    const path = all[Math.floor(next() * all.length)]!;
    let holder: Json = json;
    for (const key of path.slice(0, -1)) holder = holder[key] as Json;
    const last = path.at(-1)!;
    if (next() < 0.4) delete holder[last];
    else holder[last] = ODD[Math.floor(next() * ODD.length)];
    for (const code of run(Buffer.from(JSON.stringify(json))))
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  }
  // The test means something only where both sides occur.
  expect(outcomes.get('valid')).toBeGreaterThan(100);
  expect([...outcomes.keys()].length).toBeGreaterThan(8);
});

test('a history with an event dropped, doubled or moved is refused', () => {
  const next = random(13);
  for (let round = 0; round < 300; round++) {
    const { events } = fixtureJson('everything');
    const at = Math.floor(next() * events.length);
    const kind = Math.floor(next() * 3);
    if (kind === 0) events.splice(at, 1);
    else if (kind === 1) events.splice(at, 0, events[at]!);
    else events.splice(Math.floor(next() * events.length), 0, ...events.splice(at, 1));
    const [code] = run(Buffer.from(JSON.stringify({ events })));
    const unchanged = events.length === 66 && events.every((event, i) => event['eventId'] === String(i + 1));
    // A closed run without its last event is a valid open run.
    expect(code === 'valid').toBe(unchanged || (events.length === 65 && at === 65));
  }
});

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ACCEPTABLE_VERDICTS,
  EMPTY_BASELINE,
  formatBaseline,
  readBaseline,
  readBaselineIfPresent,
  writeBaseline,
} from '../../../src/gate/baseline/file';
import { ROOT, scratchDirectory } from '../../helpers/replay-cli';
import { entryOf } from './reports';

const baselineOf = (...entries: unknown[]): string => JSON.stringify({ schemaVersion: 1, entries });

describe('schemas/baseline.schema.json', () => {
  it('allows exactly the verdicts that a baseline can accept', () => {
    const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/baseline.schema.json'), 'utf8')) as {
      definitions: { entry: { properties: { verdict: { enum: string[] } } } };
    };

    expect(schema.definitions.entry.properties.verdict.enum).toEqual(ACCEPTABLE_VERDICTS);
  });
});

describe('a baseline file', () => {
  it('is read as it was written, sorted by type and history whatever the order of the entries', async () => {
    const path = join(scratchDirectory(), 'baseline.json');
    const entries = [
      entryOf('o2'),
      entryOf('o0', { workflowType: 'refundOrder' }),
      entryOf('o1', { fingerprint: '0'.repeat(16) }),
      entryOf('o1'),
    ];
    const sorted = [entries[2], entries[3], entries[0], entries[1]];

    await writeBaseline(path, { schemaVersion: 1, entries });

    expect(readFileSync(path, 'utf8')).toBe(
      formatBaseline({ schemaVersion: 1, entries: [...entries].reverse() }),
    );
    expect((await readBaseline(path)).entries).toEqual(sorted);
  });

  it('changes only by the lines of an entry that is added', () => {
    const lines = (ids: string[]): string[] =>
      formatBaseline({ schemaVersion: 1, entries: ids.map((id) => entryOf(id)) }).split('\n');
    const [before, after] = [lines(['o1', 'o3']), lines(['o1', 'o2', 'o3'])];

    expect(after.length - before.length).toBe(11);
    expect(after.filter((line) => line.includes('o2'))).toHaveLength(2);
    expect([...after.slice(0, 13), ...after.slice(24)]).toEqual(before);
  });

  it('is written without leaving another file beside it', async () => {
    const directory = scratchDirectory();

    await writeBaseline(join(directory, 'baseline.json'), EMPTY_BASELINE);

    expect(readdirSync(directory)).toEqual(['baseline.json']);
  });

  it('is, if it does not exist, empty for an update and an error for a run', async () => {
    const path = join(scratchDirectory(), 'baseline.json');

    expect(await readBaselineIfPresent(path)).toEqual(EMPTY_BASELINE);
    await expect(readBaseline(path)).rejects.toMatchObject({ code: 'BASELINE_INVALID', exitCode: 2 });
  });

  it.each([
    ['is cut off', '{"schemaVersion": 1, "entr', 'is not valid JSON'],
    ['is of another version', '{"schemaVersion": 2, "entries": []}', 'schemaVersion is 2, not 1'],
    ['is a list', '[]', 'the file is not an object'],
    ['has no entries', '{"schemaVersion": 1}', 'entries is not an array'],
    ['has a field too many', '{"schemaVersion": 1, "entries": [], "note": ""}', 'unknown field "note"'],
    ['has an entry that is a number', baselineOf(entryOf('o1'), 7), 'entries[1]: the entry is not an object'],
    ['has no reason', baselineOf(entryOf('o1', { reason: '' })), 'entries[0]: reason must be text, not ""'],
    [
      'has a day that does not exist',
      baselineOf(entryOf('o1', { expires: '2026-02-30' })),
      'expires must be a date such as 2027-01-31, not "2026-02-30"',
    ],
    [
      'lacks a date',
      baselineOf({ ...entryOf('o1'), expires: undefined }),
      'expires must be a date such as 2027-01-31, not missing',
    ],
    [
      'accepts a history that cannot be read',
      baselineOf(entryOf('o1', { verdict: 'invalid' })),
      `verdict must be one of ${ACCEPTABLE_VERDICTS.join(', ')}, not "invalid"`,
    ],
    ['has an unknown field', baselineOf({ ...entryOf('o1'), why: '' }), 'unknown field "why"'],
    [
      'has a bad fingerprint',
      baselineOf(entryOf('o1', { fingerprint: 'abc' })),
      'fingerprint must be 16 hex digits, not "abc"',
    ],
    [
      'has neither both ids nor a file',
      baselineOf(entryOf('o1', { runId: null })),
      'the entry has neither workflowId and runId nor file',
    ],
    [
      'lists a failure twice',
      baselineOf(entryOf('o1'), entryOf('o1', { reason: 'other' })),
      'entries[1]: the same failure is listed twice',
    ],
  ])('is refused, with the place of the error, if it %s', async (_, text, message) => {
    const path = join(scratchDirectory(), 'baseline.json');
    writeFileSync(path, text);

    const error = (await readBaselineIfPresent(path).catch((err: unknown) => err)) as Error;

    expect(error).toMatchObject({ code: 'BASELINE_INVALID' });
    expect(error.message).toContain(path);
    expect(error.message).toContain(message);
  });
});

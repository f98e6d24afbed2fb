import { searchHunks } from '../../src/cause/search';
import { type CauseSubject, type CauseTrials, ReplaysWithout } from '../../src/cause/trials';
import { unitsOf } from '../../src/cause/units';
import type { FileHunk } from '../../src/model/cause';
import type { DiagnosedResult } from '../../src/model/report';
import { parseSource } from '../../src/source/parse';
import { reportOf, resultOf } from '../gate/baseline/reports';

const FLOW = '/app/flow.ts';
const RATES = '/app/rates.ts';

/** Files of which each line `const name = 'new';` was `'old'` before. */
const FILES: Readonly<Record<string, string>> = {
  [FLOW]: [...'abcdef'].map((name) => `const ${name} = 'new';\n\n\n\n\n`).join(''),
  [RATES]: "export const rate = 'new';\n",
};

const SOURCES = {
  textOf: (file: string) => FILES[file] ?? null,
  syntaxOf: (file: string) => parseSource(FILES[file]!, file),
};

const HUNKS: FileHunk[] = Object.entries(FILES).flatMap(([file, text]) =>
  text
    .split('\n')
    .flatMap((line, n) =>
      line === '' ? [] : [{ file, line: n + 1, count: 1, before: [line.replace('new', 'old')] }],
    ),
);

const hunkOf = (name: string): FileHunk =>
  HUNKS.find(({ before: [line] }) => line!.includes(`const ${name} =`))!;

const incompatible = (file: string, eventId: number): DiagnosedResult => ({
  ...resultOf(file, 'incompatible'),
  file,
  divergence: { eventId, recorded: null, produced: null, coreMessage: null, location: null },
});

const subject = (fingerprint: string, eventId = 7, places: CauseSubject['places'] = []): CauseSubject => ({
  fingerprint,
  members: [incompatible(`${fingerprint}.json`, eventId)],
  places,
  names: [],
});

type Judge = (file: string, isOld: (name: string) => boolean) => DiagnosedResult;

/** Returns the causes that a search finds, and the changes that each replay took back. */
async function search(
  subjects: CauseSubject[],
  judge: Judge,
  signal = new AbortController().signal,
): Promise<{ causes: Record<string, FileHunk[]>; replays: string[]; outOfTime: boolean }> {
  const replays: string[] = [];
  const trials: CauseTrials = {
    signal,
    historiesOf: (results) => results.map(({ file }) => ({ file })),
    replayWith: (texts, histories) => {
      const old = [...texts.values()].flatMap((text) =>
        [...text.matchAll(/const (\w+) = 'old'/g)].map(([, name]) => name!),
      );
      replays.push(old.join(' '));
      return Promise.resolve(
        reportOf(...histories.map(({ file }) => judge(file, (name) => old.includes(name)))),
      );
    },
  };
  const replaysWithout = new ReplaysWithout(trials, SOURCES.textOf);
  const { found, outOfTime } = await searchHunks(subjects, unitsOf(HUNKS, SOURCES), replaysWithout, SOURCES);
  return { causes: Object.fromEntries(found), replays, outOfTime };
}

const compatible = (file: string): DiagnosedResult => ({ ...resultOf(file, 'compatible'), file });

const breaksUnless =
  (...names: string[]): Judge =>
  (file, isOld) =>
    names.every(isOld) ? compatible(file) : incompatible(file, 7);

describe('searchHunks', () => {
  it('tries the change at the place of the difference first, and nothing else if that is the cause', async () => {
    const at = { file: FLOW, line: hunkOf('d').line, column: 1, function: null };

    const { causes, replays } = await search([subject('x', 7, [at])], breaksUnless('d'));

    expect(causes).toEqual({ x: [hunkOf('d')] });
    expect(replays).toEqual(['d']);
  });

  it('finds a change in another file', async () => {
    const { causes } = await search([subject('x')], breaksUnless('rate'));

    expect(causes).toEqual({ x: [hunkOf('rate')] });
  });

  it('finds changes that break a history together', async () => {
    const { causes } = await search([subject('x')], breaksUnless('b', 'rate'));

    expect(causes['x']).toHaveLength(2);
    expect(causes['x']).toEqual(expect.arrayContaining([hunkOf('b'), hunkOf('rate')]));
  });

  it('names of two changes the one first that breaks the history first', async () => {
    const judge: Judge = (file, isOld) => {
      if (!isOld('e')) return incompatible(file, 7);
      return isOld('b') ? compatible(file) : incompatible(file, 12);
    };

    const { causes } = await search([subject('x')], judge);

    expect(causes).toEqual({ x: [hunkOf('e'), hunkOf('b')] });
  });

  it('finds the causes of several differences with the same replays', async () => {
    const judge: Judge = (file, isOld) =>
      isOld(file === 'x.json' ? 'c' : 'e') ? compatible(file) : incompatible(file, 7);

    const { causes, replays } = await search([subject('x'), subject('y')], judge);

    expect(causes).toEqual({ x: [hunkOf('c')], y: [hunkOf('e')] });
    expect(new Set(replays).size).toBe(replays.length);
  });

  it('finds nothing if a history breaks without the changes as well', async () => {
    const { causes, replays } = await search([subject('x')], (file) => incompatible(file, 7));

    expect(causes).toEqual({});
    expect(replays).toHaveLength(2);
  });

  it('finds the change of a history that breaks at a later event without any change', async () => {
    const judge: Judge = (file, isOld) => incompatible(file, isOld('c') ? 20 : 7);

    expect((await search([subject('x')], judge)).causes).toEqual({ x: [hunkOf('c')] });
  });

  it('finds nothing when its time is over', async () => {
    const { causes, outOfTime } = await search([subject('x')], breaksUnless('c'), AbortSignal.abort());

    expect(causes).toEqual({});
    expect(outOfTime).toBe(true);
  });
});

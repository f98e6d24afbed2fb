import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryRemedies, untriedGroups } from '../../src/advice/try-remedies';
import type { ReplayWith, Trials } from '../../src/advice/try-change';
import type { ProposedGroup, ProposedRemedy, RemedyChange } from '../../src/model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../../src/model/report';
import type { Verdict } from '../../src/model/verdict';
import { scratchDirectory } from '../helpers/replay-cli';
import { reportOf, resultOf } from '../gate/baseline/reports';

const FILE = 'src/flow.ts';

/** A change of the first line of the file. */
const change = (text: string): RemedyChange => ({
  snippet: text,
  edits: [{ file: FILE, startLine: 1, endLine: 1, replacement: text }],
});

const remedy = (code: ProposedRemedy['code'], ...[first, ...others]: string[]): ProposedRemedy => ({
  code,
  title: code,
  text: '',
  ...(first === undefined ? { snippet: null, edits: [] } : change(first)),
  alternatives: others.map(change),
  trial: null,
});

const group = (results: number[], ...remedies: ProposedRemedy[]): ProposedGroup =>
  ({ results, count: results.length, remedies }) as unknown as ProposedGroup;

/** Replays of the file's code, whose first line says which verdict a history gets: `o1=compatible o2=failed`. */
interface Bench {
  trials: Trials;
  /** The code of each replay, with the histories that were replayed. */
  replays: { code: string; files: string[] }[];
}

function bench({
  signal = new AbortController().signal,
  types = null as ReadonlySet<string> | null,
} = {}): Bench {
  const cwd = scratchDirectory();
  mkdirSync(join(cwd, 'src'));
  writeFileSync(join(cwd, FILE), 'as it is\nsecond line');
  const replays: Bench['replays'] = [];
  const replayWith: ReplayWith = (texts, histories) => {
    const code = texts.get(join(cwd, FILE))!.split('\n')[0]!;
    const files = histories.map(({ file }) => file);
    replays.push({ code, files });
    const verdictOf = (file: string): Verdict =>
      (new RegExp(`${/(\w+)\.json$/.exec(file)![1]}=(\\w+)`).exec(code)?.[1] ?? 'incompatible') as Verdict;
    return Promise.resolve(
      reportOf(...files.map((file) => resultOf(/(\w+)\.json$/.exec(file)![1]!, verdictOf(file)))),
    );
  };
  const trials: Trials = {
    cwd,
    signal,
    replayWith,
    historiesOf: (results) => results.map(({ file }) => ({ file })),
    // The first line of the code also says if a new run goes another way than before.
    newRunOf: (texts) =>
      Promise.resolve(
        texts.size > 0 && texts.get(join(cwd, FILE))!.includes('goes back') ? ['old'] : ['new'],
      ),
    inStyle: (written) =>
      Promise.resolve({ ...written, snippet: written.snippet!.replace(' unformatted', '') }),
    typesOf: () => types,
  };
  return { trials, replays };
}

const failing = (id: string): DiagnosedResult => resultOf(id, 'incompatible');
const passing = (id: string, fields: Partial<DiagnosedResult> = {}): DiagnosedResult =>
  resultOf(id, 'compatible', fields);

const tried = async (groups: ProposedGroup[], report: DiagnosedReport, { trials }: Bench) =>
  (await tryRemedies(groups, report, trials)).map(({ remedies }) => remedies);

describe('tryRemedies', () => {
  it('keeps code with which all histories of the group pass and the others keep their verdicts', async () => {
    const on = bench();
    const report = reportOf(failing('o1'), failing('o2'), passing('o3'));
    const code = 'o1=compatible o2=compatible o3=compatible';

    const [remedies] = await tried([group([0, 1], remedy('patch', code))], report, on);

    expect(remedies).toEqual([
      {
        ...{ code: 'patch', title: 'patch', text: '' },
        ...change(code),
        trial: { outcome: 'passed', mended: 2, unchanged: 1, newRun: 'same' },
      },
    ]);
  });

  it.each([
    ['a history of the group still fails', 'o1=compatible o2=incompatible o3=compatible', 'histories'],
    ['a history of the group drifts', 'o1=compatible o2=drifted o3=compatible', 'histories'],
    ['another history fails', 'o1=compatible o2=compatible o3=failed', 'others'],
    ['another history drifts', 'o1=compatible o2=compatible o3=drifted', 'others'],
  ])('drops code with which %s, and says why', async (_, code, reason) => {
    const on = bench();
    const report = reportOf(failing('o1'), failing('o2'), passing('o3'));

    const [remedies] = await tried([group([0, 1], remedy('patch', code))], report, on);

    expect(remedies).toMatchObject([
      { snippet: null, edits: [], trial: { outcome: 'failed', tried: 1, reason } },
    ]);
  });

  it('keeps code with which another history drifts no more, as one of the same change does', async () => {
    const on = bench();
    const report = reportOf(failing('o1'), passing('o2', { verdict: 'drifted' }), passing('o3'));
    const code = 'o1=compatible o2=compatible o3=compatible';

    const [remedies] = await tried([group([0], remedy('patch', code))], report, on);

    expect(remedies).toMatchObject([{ trial: { outcome: 'passed', mended: 1, unchanged: 1 } }]);
  });

  it('drops a patch with which new runs go the old way', async () => {
    const on = bench();
    const codes = ['o1=compatible goes back', 'o1=compatible'];

    const [remedies] = await tried([group([0], remedy('patch', ...codes))], reportOf(failing('o1')), on);

    expect(remedies).toMatchObject([{ snippet: 'o1=compatible', trial: { newRun: 'same' } }]);
  });

  it('says of code that failed in all its ways why the one did that came closest', async () => {
    const on = bench();
    const codes = ['o1=failed', 'o1=compatible goes back', 'o1=failed again'];

    const [remedies] = await tried([group([0], remedy('patch', ...codes))], reportOf(failing('o1')), on);

    expect(remedies![0]!.trial).toEqual({ outcome: 'failed', tried: 3, reason: 'new-run' });
  });

  it('shows code in the style of the service', async () => {
    const on = bench();

    const [remedies] = await tried(
      [group([0], remedy('patch', 'o1=compatible unformatted'))],
      reportOf(failing('o1')),
      on,
    );

    expect(remedies).toMatchObject([{ snippet: 'o1=compatible', trial: { outcome: 'passed' } }]);
  });

  it('plays no new run for a remedy that may change it', async () => {
    const on = bench();
    const proposed = remedy('rename-back', 'o1=compatible goes back');

    const [remedies] = await tried([group([0], proposed)], reportOf(failing('o1')), on);

    expect(remedies).toMatchObject([{ trial: { outcome: 'passed', newRun: 'unplayed' } }]);
  });

  it('tries the other ways to write the code, one after another', async () => {
    const on = bench();
    const codes = ['o1=failed', 'o1=compatible', 'o1=compatible again'];

    const [remedies] = await tried([group([0], remedy('patch', ...codes))], reportOf(failing('o1')), on);

    expect(remedies).toMatchObject([{ snippet: 'o1=compatible', trial: { outcome: 'passed', mended: 1 } }]);
    expect(on.replays.map(({ code }) => code)).toEqual(codes.slice(0, 2));
  });

  it('puts what passed before what did not, and leaves remedies in words as they are', async () => {
    const on = bench();
    const proposed = group(
      [0],
      remedy('rename-back', 'o1=failed'),
      remedy('version-worker'),
      remedy('patch', 'o1=compatible'),
    );

    const [remedies] = await tried([proposed], reportOf(failing('o1')), on);

    expect(remedies!.map(({ code, trial }) => [code, trial?.outcome])).toEqual([
      ['patch', 'passed'],
      ['rename-back', 'failed'],
      ['version-worker', undefined],
    ]);
  });

  it.each(['drift', 'threw'] as const)('leaves a decision in words first for %s', async (kind) => {
    const on = bench();
    const proposed = {
      ...group([0], remedy('accept-drift'), remedy('undo-drift'), remedy('patch', 'o1=compatible')),
      kind,
    };

    const [remedies] = await tried([proposed], reportOf(failing('o1')), on);

    expect(remedies!.map(({ code }) => code)).toEqual(['accept-drift', 'patch', 'undo-drift']);
  });

  it('tries the best remedy of each group first', async () => {
    const on = bench();
    const groups = [
      group([0], remedy('rename-back', 'first o1=failed'), remedy('patch', 'second o1=failed')),
      group([1], remedy('patch', 'third o2=failed')),
    ];

    await tried(groups, reportOf(failing('o1'), failing('o2')), on);

    expect(on.replays.map(({ code }) => code.split(' ')[0])).toEqual(['first', 'third', 'second']);
  });

  it('does not replay histories of workflow types that the code is not part of', async () => {
    const on = bench({ types: new Set(['processOrder']) });
    const report = reportOf(failing('o1'), passing('o2'), passing('r1', { workflowType: 'refund' }));

    await tried([group([0], remedy('patch', 'o1=compatible o2=compatible'))], report, on);

    expect(on.replays.at(-1)!.files.map((file) => /\w+\.json$/.exec(file)![0])).toEqual([
      'o1.json',
      'o2.json',
    ]);
  });

  it('leaves the file as it is', async () => {
    const on = bench();

    await tried([group([0], remedy('patch', 'o1=compatible'))], reportOf(failing('o1')), on);

    expect(readFileSync(join(on.trials.cwd, FILE), 'utf8')).toBe('as it is\nsecond line');
  });

  it('shows no code, and says why, once the time is over', async () => {
    const on = bench({ signal: AbortSignal.abort() });

    const [remedies] = await tried(
      [group([0], remedy('patch', 'o1=compatible'))],
      reportOf(failing('o1')),
      on,
    );

    expect(remedies).toMatchObject([{ edits: [], trial: { outcome: 'untried', reason: 'time' } }]);
    expect(on.replays).toEqual([]);
  });

  it('shows no code if a trial breaks', async () => {
    const on = bench();
    const trials = { ...on.trials, replayWith: () => Promise.reject(new Error('no disk')) };

    const [tries] = await tryRemedies(
      [group([0], remedy('patch', 'o1=compatible'))],
      reportOf(failing('o1')),
      trials,
    );

    expect(tries!.remedies).toMatchObject([{ edits: [], trial: { outcome: 'untried', reason: 'error' } }]);
  });
});

describe('untriedGroups', () => {
  it('turns code into words, and says why it was not tried', () => {
    const [made] = untriedGroups([group([0], remedy('patch', 'code'), remedy('version-worker'))], 'off');

    expect(made!.remedies).toMatchObject([
      { code: 'patch', snippet: null, edits: [], trial: { outcome: 'untried', reason: 'off' } },
      { code: 'version-worker', trial: null },
    ]);
  });
});

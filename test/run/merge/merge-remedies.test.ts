import type { Remedy, RemedyTrial } from '../../../src/model/diagnosis';
import { mergeRemedies } from '../../../src/run/merge/merge-remedies';

const EDIT = { file: 'src/flow.ts', startLine: 3, endLine: 3, replacement: "if (patched('a'))" };
const passed = (mended: number, unchanged: number, newRun: 'same' | 'unplayed' = 'same'): RemedyTrial => ({
  ...{ outcome: 'passed', mended, unchanged, newRun },
});

const patch = (trial: RemedyTrial | null, edits = [EDIT]): Remedy => ({
  ...{ code: 'patch', title: 'Wrap it', text: '', trial },
  ...(trial?.outcome === 'passed' ? { snippet: 'code', edits, diff: 'diff' } : { snippet: null, edits: [] }),
});
const WORDS: Remedy = {
  ...{ code: 'version-worker', title: 'Deploy it', text: '' },
  ...{ snippet: null, edits: [], trial: null },
};

describe('mergeRemedies', () => {
  it('keeps code that passed in every run, with the histories of all', () => {
    const merged = mergeRemedies([patch(passed(4, 2)), WORDS], [[patch(passed(1, 7)), WORDS]]);

    expect(merged).toEqual([patch(passed(5, 9)), WORDS]);
  });

  it('does not say that a new run was played if it was not in one of the runs', () => {
    const [merged] = mergeRemedies([patch(passed(4, 2))], [[patch(passed(1, 7, 'unplayed'))]]);

    expect(merged!.trial).toEqual(passed(5, 9, 'unplayed'));
  });

  it.each<[string, Remedy[], RemedyTrial]>([
    ['failed in another run', [patch({ outcome: 'failed', tried: 2 })], { outcome: 'failed', tried: 2 }],
    [
      'was not tried in another run',
      [patch({ outcome: 'untried', reason: 'time' })],
      { outcome: 'untried', reason: 'time' },
    ],
    [
      'differs from the code of another run',
      [patch(passed(1, 1), [{ ...EDIT, startLine: 9 }])],
      { outcome: 'untried', reason: 'parts' },
    ],
    ['was not proposed in another run', [WORDS], { outcome: 'untried', reason: 'parts' }],
  ])('shows no code that %s, and puts it behind what is left', (_, other, trial) => {
    const merged = mergeRemedies([patch(passed(4, 2)), WORDS], [other]);

    expect(merged).toEqual([WORDS, { ...patch(null), trial }]);
  });
});

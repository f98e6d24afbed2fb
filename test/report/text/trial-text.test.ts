import type { Remedy, RemedyTrial } from '../../../src/model/diagnosis';
import { reasonWithoutCode, trialText } from '../../../src/report/text/trial-text';

const remedy = (title: string, trial: RemedyTrial | null): Remedy => ({
  ...{ code: 'patch', title, text: `The text of ${title}.`, snippet: null, edits: [] },
  trial,
});

describe('the sentence about a trial', () => {
  it.each<[RemedyTrial, string]>([
    [
      { outcome: 'passed', mended: 2, unchanged: 63, newRun: 'same' },
      'Tried: all 2 histories pass with it, and 63 other histories replay as before. A new run takes the new way.',
    ],
    [
      { outcome: 'failed', tried: 3, reason: 'others' },
      '3 ways to write it were tried, and none is shown: other histories would break or drift with it.',
    ],
    [
      { outcome: 'untried', reason: 'time' },
      'No code is shown, since none was tried: the time of --advice-timeout was over. Raise it, or run `replay fix`, which takes more.',
    ],
  ])('%#', (trial, text) => {
    expect(trialText(trial)).toBe(text);
  });
});

describe('the reason why no code is offered', () => {
  it('is the trial that failed, with the other remedy to decide on', () => {
    const failed = remedy('Wrap it', { outcome: 'failed', tried: 1, reason: 'new-run' });

    expect(reasonWithoutCode([failed, remedy('Deploy it', null)])).toBe(
      'Wrap it: One way to write it was tried, and none is shown: new runs would go another way than the code goes now. Else: Deploy it.',
    );
  });

  it('is the text of the best remedy if nothing could be tried', () => {
    expect(reasonWithoutCode([remedy('Wrap it', null), remedy('Deploy it', null)])).toBe(
      'The text of Wrap it.',
    );
  });
});

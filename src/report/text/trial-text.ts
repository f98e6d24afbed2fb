import type { FailedReason, Remedy, RemedyTrial, UntriedReason } from '../../model/diagnosis';
import { historiesText } from './totals-text';

const REASONS: Readonly<Record<UntriedReason, string>> = {
  time: 'the time of --advice-timeout was over. Raise it, or run `replay fix`, which takes more',
  off: '--advice-timeout is 0',
  prebuilt: 'the code is not bundled by this run',
  error: 'the trial itself failed',
  parts: 'the parts of the run did not find the same',
};

const FAILURES: Readonly<Record<FailedReason, string>> = {
  build: 'the code did not build with it',
  histories: 'these histories still break with it',
  others: 'other histories would break or drift with it',
  'new-run': 'new runs would go another way than the code goes now',
};

/** Returns the sentences that say why no code is offered, and what to decide in its place. */
export function reasonWithoutCode([best, ...others]: readonly Remedy[]): string {
  if (!best) return 'There is nothing that could be tried.';
  const all = [best, ...others].filter(({ trial }) => trial !== null);
  // A patch is the remedy that keeps the change.
  const tried = all.find(({ code }) => code === 'patch') ?? all[0];
  const what = tried?.trial ? `${tried.title}: ${trialText(tried.trial)}` : best.text;
  const word = tried === best || !tried ? others.find((one) => one !== tried) : best;
  return tried?.trial && word ? `${what} Else: ${word.title}.` : what;
}

/** Returns the sentence that says what the trial of a remedy's code has shown. */
export function trialText(trial: RemedyTrial): string {
  switch (trial.outcome) {
    case 'passed': {
      const { mended, unchanged, newRun } = trial;
      const all = mended === 1 ? 'the history passes with it' : `all ${historiesText(mended)} pass with it`;
      const others =
        unchanged === 0
          ? ''
          : `, and ${unchanged === 1 ? '1 other history replays' : `${unchanged} other histories replay`} as before`;
      const fresh = newRun === 'same' ? ' A new run takes the new way.' : '';
      return `Tried: ${all}${others}.${fresh}`;
    }
    case 'failed':
      return `${trial.tried === 1 ? 'One way' : `${trial.tried} ways`} to write it ${trial.tried === 1 ? 'was' : 'were'} tried, and none is shown: ${FAILURES[trial.reason ?? 'histories']}.`;
    case 'untried':
      return `No code is shown, since none was tried: ${REASONS[trial.reason]}.`;
  }
}

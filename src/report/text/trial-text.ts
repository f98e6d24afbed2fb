import type { RemedyTrial, UntriedReason } from '../../model/diagnosis';
import { historiesText } from './totals-text';

const REASONS: Readonly<Record<UntriedReason, string>> = {
  time: 'the time of --advice-timeout was over',
  off: '--advice-timeout is 0',
  prebuilt: 'the code is not bundled by this run',
  error: 'the trial itself failed',
  parts: 'the parts of the run did not find the same',
};

/** Returns the sentence that says what the trial of a remedy's code has shown. */
export function trialText(trial: RemedyTrial): string {
  switch (trial.outcome) {
    case 'passed': {
      const { mended, unchanged, newRun } = trial;
      const all = mended === 1 ? 'the history passes with it' : `all ${historiesText(mended)} pass with it`;
      const others =
        unchanged === 0
          ? ''
          : `, and ${unchanged === 1 ? '1 other keeps its verdict' : `${unchanged} others keep their verdicts`}`;
      const fresh = newRun === 'same' ? ' A new run takes the new way.' : '';
      return `Tried: ${all}${others}.${fresh}`;
    }
    case 'failed':
      return 'No code that was tried makes all these histories pass, so none is shown.';
    case 'untried':
      return `No code is shown, since none was tried: ${REASONS[trial.reason]}.`;
  }
}

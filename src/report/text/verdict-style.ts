import { type Verdict, type VerdictFacts, VERDICTS } from '../../model/verdict';
import type { Paint } from './paint';

export interface VerdictStyle {
  /** One character that stands before the verdict. */
  mark: string;
  color: 'red' | 'yellow' | 'green';
  /** Level of an annotation or a finding. */
  level: 'error' | 'warning' | 'note';
}

const STYLES: Readonly<Record<VerdictFacts['fails'], VerdictStyle>> = {
  always: { mark: '✗', color: 'red', level: 'error' },
  strict: { mark: '~', color: 'yellow', level: 'warning' },
  never: { mark: '✓', color: 'green', level: 'note' },
};

/** Returns how a verdict is shown, which depends only on when it fails a run. */
export const styleOf = (verdict: Verdict): VerdictStyle => STYLES[VERDICTS[verdict].fails];

/** Returns the text in the colour of the verdict. */
export const paintVerdict = (verdict: Verdict, text: string, paint: Paint): string =>
  paint[styleOf(verdict).color](text);

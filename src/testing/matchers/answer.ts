import type { MatcherContext, MatcherResult } from './matcher';
import { historyText } from '../text/history-text';
import type { Subject } from './subject';

/** A matcher's answer; where it fails, what was found and the whole history stand below what was expected. */
export function answer(
  context: MatcherContext,
  subject: Subject,
  { pass, expected, found }: { pass: boolean; expected: string; found: string },
): MatcherResult {
  return {
    pass,
    message: () =>
      [
        `Expected ${subject.label} ${context.isNot ? 'not ' : ''}to have ${expected}.`,
        found,
        historyText(subject.history, subject.workflowId ?? subject.label),
      ].join('\n\n'),
  };
}

/** `a, b and c`, or what stands for none of them. */
export const listed = (items: readonly string[], none: string): string =>
  items.length === 0 ? none : items.join('\n');

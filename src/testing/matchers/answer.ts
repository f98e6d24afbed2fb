import type { MatcherContext, MatcherResult } from './matcher';
import { historyText } from '../text/history-text';
import { harmlessText } from '../../util/harmless-text';
import type { Subject } from './subject';

/** Creates a matcher's result. The message has the expectation, what was found, and the whole history. */
export function answer(
  context: MatcherContext,
  subject: Subject,
  { pass, expected, found }: { pass: boolean; expected: string; found: string },
): MatcherResult {
  return {
    pass,
    message: () =>
      harmlessText(
        [
          `Expected ${subject.label} ${context.isNot ? 'not ' : ''}to have ${expected}.`,
          found,
          historyText(subject.history, subject.workflowId ?? subject.label),
        ].join('\n\n'),
      ),
  };
}

/** Joins the items by line breaks, or returns `none` if there are no items. */
export const listed = (items: readonly string[], none: string): string =>
  items.length === 0 ? none : items.join('\n');

import type { temporal } from '@temporalio/proto';

type Failure = temporal.api.failure.v1.IFailure;

/** Deeper causes than this say nothing more that fits on a line. */
const MAX_CAUSES = 5;

/**
 * A failure and its causes: `activity chargeCard: CardDeclined: no funds`. May hold line breaks; no details, no stack.
 * Without messages it has the classes only: `activity chargeCard: CardDeclined`.
 */
export function failureInWords(failure: Failure, { messages = true }: { messages?: boolean } = {}): string {
  const words: string[] = [];
  let current: Failure | null | undefined = failure;
  for (let depth = 0; current && depth < MAX_CAUSES; depth++, current = current.cause)
    words.push(ownWords(current, messages));
  return words.filter(Boolean).join(': ');
}

/** Wrappers say whose failure it is: their own message ("Activity task failed") says nothing. */
function ownWords(failure: Failure, messages: boolean): string {
  const message = (messages && failure.message) || '';
  if (failure.cause && failure.activityFailureInfo)
    return `activity ${failure.activityFailureInfo.activityType?.name ?? ''}`.trim();
  if (failure.cause && failure.childWorkflowExecutionFailureInfo)
    return `child ${failure.childWorkflowExecutionFailureInfo.workflowType?.name ?? ''}`.trim();
  const type = failure.applicationFailureInfo?.type;
  if (type) return message === '' ? type : `${type}: ${message}`;
  if (failure.resetWorkflowFailureInfo) return message === '' ? 'reset' : `reset: ${message}`;
  return message || (failure.timeoutFailureInfo ? 'timed out' : 'failed');
}

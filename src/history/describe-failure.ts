import type { temporal } from '@temporalio/proto';
import { payloadValueOf } from '../temporal/payload-value';

type Failure = temporal.api.failure.v1.IFailure;

/** Number of causes shown: more would not fit on a line. */
const MAX_CAUSES = 5;

/**
 * Returns a failure and its causes as text: `activity chargeCard: CardDeclined: no funds`. The text can hold line breaks, but
 * neither details nor stacks. Without messages it has only the classes: `activity chargeCard: CardDeclined`.
 */
export function describeFailure(failure: Failure, { messages = true }: { messages?: boolean } = {}): string {
  const parts: string[] = [];
  let current: Failure | null | undefined = failure;
  for (let depth = 0; current && depth < MAX_CAUSES; depth++, current = current.cause)
    parts.push(describeOne(current, messages));
  return parts.filter(Boolean).join(': ');
}

/** Returns the message of a failure, also if the failure converter has put it into a payload (`encodeCommonAttributes`). */
function messageIn({ message, encodedAttributes }: Failure): string {
  const encoded = encodedAttributes && payloadValueOf(encodedAttributes);
  const own = (encoded as { message?: unknown } | null | undefined)?.message;
  return typeof own === 'string' ? own : (message ?? '');
}

/** Names the activity or child instead of the message of its failure, which is always the same ("Activity task failed"). */
function describeOne(failure: Failure, messages: boolean): string {
  const message = messages ? messageIn(failure) : '';
  if (failure.cause && failure.activityFailureInfo)
    return `activity ${failure.activityFailureInfo.activityType?.name ?? ''}`.trim();
  if (failure.cause && failure.childWorkflowExecutionFailureInfo)
    return `child ${failure.childWorkflowExecutionFailureInfo.workflowType?.name ?? ''}`.trim();
  const type = failure.applicationFailureInfo?.type;
  if (type) return message === '' ? type : `${type}: ${message}`;
  if (failure.resetWorkflowFailureInfo) return message === '' ? 'reset' : `reset: ${message}`;
  return message || (failure.timeoutFailureInfo ? 'timed out' : 'failed');
}

import type { Event } from './event';
import { localActivityMarkerOf } from './markers';
import { referenceOf } from './relations';

/**
 * The workflow or the activity that payloads belong to, in the form in which the SDK (1.23 and later) tells it to payload
 * codecs: a codec can encode each payload so that only the same context decodes it.
 */
export type SerializationContext =
  | { type: 'workflow'; namespace: string; workflowId: string }
  | { type: 'activity'; namespace: string; workflowId: string; activityId?: string; isLocal: boolean };

/** The workflow whose history it is. */
export interface OwningWorkflow {
  namespace: string;
  workflowId: string;
}

/**
 * Returns the context of an event's payloads, by the rules of the SDK's `WorkflowCodecRunner`
 * (`@temporalio/worker/lib/workflow-codec-runner.js`, checked on 1.24.0): those of an activity belong to the activity, those
 * that go to or come from another workflow belong to that workflow, and all others to the workflow itself.
 *
 * @param eventOf returns an earlier event by its id
 */
export function serializationContextOf(
  event: Event,
  eventOf: (eventId: number) => Event | undefined,
  { namespace, workflowId }: OwningWorkflow,
): SerializationContext {
  const begun = eventOf(referenceOf(event)?.eventId ?? 0) ?? event;
  const local = localActivityMarkerOf(event);
  const activityId = local?.activityId ?? begun.activityTaskScheduledEventAttributes?.activityId;
  if (local || begun.activityTaskScheduledEventAttributes) {
    const isLocal = local !== null;
    return { type: 'activity', namespace, workflowId, ...(activityId && { activityId }), isLocal };
  }
  const other = otherWorkflowOf(begun);
  return {
    type: 'workflow',
    namespace: other?.namespace || namespace,
    workflowId: other?.workflowId ?? workflowId,
  };
}

/** Returns the other workflow that an event begins, signals or cancels; null if the event is about none. */
function otherWorkflowOf(event: Event): { namespace?: string | null; workflowId?: string | null } | null {
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  if (child) return child;
  const external =
    event.signalExternalWorkflowExecutionInitiatedEventAttributes ??
    event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes;
  if (!external) return null;
  return {
    namespace: external.namespace ?? null,
    workflowId: external.workflowExecution?.workflowId ?? null,
  };
}

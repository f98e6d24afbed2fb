import { temporal } from '@temporalio/proto';
import { type AttributesKey, type Event, attributesKeyOf, eventIdOf } from '../temporal/event';
import { localActivityMarkerOf, patchMarkerOf } from '../temporal/markers';
import { type Payload, payloadValueOf } from '../temporal/payload-value';
import type { TimelineEntry } from '../model/timeline';
import { withBoundedDepth } from '../util/bounded-depth';
import { describeFailure } from './describe-failure';

type Payloads = temporal.api.common.v1.IPayloads;
type Failure = temporal.api.failure.v1.IFailure;
const enums = temporal.api.enums.v1;

/** Facts in the events of a timeline entry beyond the entry itself. Text is as recorded, with its control characters. */
export interface EntryDetails {
  /** Id of a child, target of a signal, `deprecated` … */
  note?: string;
  /** Reason why it failed, was terminated or timed out. */
  failure?: string;
  /** Reason why the attempt before the last one failed. */
  lastFailure?: string;
  /** Arguments, decoded as JSON; upserts have one object. */
  input?: unknown[];
  result?: unknown;
}

/** Details whose payloads are not decoded yet: hidden ones never are. */
interface RawDetails extends Omit<EntryDetails, 'input' | 'result' | 'failure' | 'lastFailure'> {
  /** Text of the server, or the failure that the user's code has thrown. */
  failure?: string | Failure;
  lastFailure?: Failure;
  /** Reason that a person gave for a termination. */
  reason?: string;
  input?: readonly Payload[];
  fields?: Readonly<Record<string, Payload>> | null;
  result?: readonly Payload[];
}

const list = (payloads: Payloads | null | undefined): Payload[] => payloads?.payloads ?? [];
const single = (payload: Payload | null | undefined): Payload[] => (payload ? [payload] : []);
const failed = (failure: Failure | null | undefined): RawDetails => (failure ? { failure } : {});

/** Returns an enum value as text: `TIMEOUT_TYPE_START_TO_CLOSE` → `start to close`. */
function textOfEnum(values: object, prefix: string, value: number | null | undefined): string {
  const name = (values as Record<number, string>)[value ?? 0] ?? String(value);
  return name.replace(prefix, '').toLowerCase().replaceAll('_', ' ');
}

const DETAILS: Partial<Record<AttributesKey, (event: Event) => RawDetails>> = {
  workflowExecutionStartedEventAttributes: ({ workflowExecutionStartedEventAttributes: a }) => ({
    input: list(a?.input),
    ...(a?.continuedFailure && { lastFailure: a.continuedFailure }),
  }),
  workflowExecutionCompletedEventAttributes: ({ workflowExecutionCompletedEventAttributes: a }) => ({
    result: list(a?.result),
  }),
  workflowExecutionFailedEventAttributes: ({ workflowExecutionFailedEventAttributes: a }) =>
    failed(a?.failure),
  workflowExecutionTerminatedEventAttributes: ({ workflowExecutionTerminatedEventAttributes: a }) =>
    a?.reason ? { reason: a.reason } : {},
  workflowExecutionContinuedAsNewEventAttributes: ({
    workflowExecutionContinuedAsNewEventAttributes: a,
  }) => ({ note: `as run ${a?.newExecutionRunId ?? ''}`, ...failed(a?.failure) }),
  workflowTaskFailedEventAttributes: ({ workflowTaskFailedEventAttributes: a }) =>
    a?.failure ? failed(a.failure) : { failure: taskFailedCause(a?.cause) },
  workflowTaskTimedOutEventAttributes: ({ workflowTaskTimedOutEventAttributes: a }) => ({
    failure: `${textOfEnum(enums.TimeoutType, 'TIMEOUT_TYPE_', a?.timeoutType)} timeout`,
  }),
  activityTaskScheduledEventAttributes: ({ activityTaskScheduledEventAttributes: a }) => ({
    input: list(a?.input),
  }),
  activityTaskStartedEventAttributes: ({ activityTaskStartedEventAttributes: a }) =>
    a?.lastFailure ? { lastFailure: a.lastFailure } : {},
  activityTaskCompletedEventAttributes: ({ activityTaskCompletedEventAttributes: a }) => ({
    result: list(a?.result),
  }),
  activityTaskFailedEventAttributes: ({ activityTaskFailedEventAttributes: a }) => failed(a?.failure),
  activityTaskTimedOutEventAttributes: ({ activityTaskTimedOutEventAttributes: a }) => failed(a?.failure),
  startChildWorkflowExecutionInitiatedEventAttributes: ({
    startChildWorkflowExecutionInitiatedEventAttributes: a,
  }) => ({ note: a?.workflowId ?? '', input: list(a?.input) }),
  startChildWorkflowExecutionFailedEventAttributes: ({
    startChildWorkflowExecutionFailedEventAttributes: a,
  }) => ({
    failure: textOfEnum(
      enums.StartChildWorkflowExecutionFailedCause,
      'START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_',
      a?.cause,
    ),
  }),
  childWorkflowExecutionCompletedEventAttributes: ({
    childWorkflowExecutionCompletedEventAttributes: a,
  }) => ({ result: list(a?.result) }),
  childWorkflowExecutionFailedEventAttributes: ({ childWorkflowExecutionFailedEventAttributes: a }) =>
    failed(a?.failure),
  signalExternalWorkflowExecutionInitiatedEventAttributes: ({
    signalExternalWorkflowExecutionInitiatedEventAttributes: a,
  }) => ({ note: `to ${a?.workflowExecution?.workflowId ?? ''}`, input: list(a?.input) }),
  signalExternalWorkflowExecutionFailedEventAttributes: ({
    signalExternalWorkflowExecutionFailedEventAttributes: a,
  }) => ({
    failure: textOfEnum(
      enums.SignalExternalWorkflowExecutionFailedCause,
      'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_',
      a?.cause,
    ),
  }),
  requestCancelExternalWorkflowExecutionFailedEventAttributes: ({
    requestCancelExternalWorkflowExecutionFailedEventAttributes: a,
  }) => ({
    failure: textOfEnum(
      enums.CancelExternalWorkflowExecutionFailedCause,
      'CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_',
      a?.cause,
    ),
  }),
  workflowExecutionSignaledEventAttributes: ({ workflowExecutionSignaledEventAttributes: a }) => ({
    input: list(a?.input),
  }),
  workflowExecutionCancelRequestedEventAttributes: ({
    workflowExecutionCancelRequestedEventAttributes: a,
  }) => (a?.cause ? { note: a.cause } : {}),
  workflowExecutionUpdateAdmittedEventAttributes: ({ workflowExecutionUpdateAdmittedEventAttributes: a }) =>
    a?.request ? { input: list(a.request.input?.args) } : {},
  workflowExecutionUpdateAcceptedEventAttributes: ({ workflowExecutionUpdateAcceptedEventAttributes: a }) =>
    a?.acceptedRequest ? { input: list(a.acceptedRequest.input?.args) } : {},
  workflowExecutionUpdateRejectedEventAttributes: ({ workflowExecutionUpdateRejectedEventAttributes: a }) =>
    failed(a?.failure),
  workflowExecutionUpdateCompletedEventAttributes: ({
    workflowExecutionUpdateCompletedEventAttributes: a,
  }) => ({ result: list(a?.outcome?.success), ...failed(a?.outcome?.failure) }),
  upsertWorkflowSearchAttributesEventAttributes: ({ upsertWorkflowSearchAttributesEventAttributes: a }) => ({
    fields: a?.searchAttributes?.indexedFields,
  }),
  workflowPropertiesModifiedEventAttributes: ({ workflowPropertiesModifiedEventAttributes: a }) => ({
    fields: a?.upsertedMemo?.fields,
  }),
  nexusOperationScheduledEventAttributes: ({ nexusOperationScheduledEventAttributes: a }) => ({
    note: `of ${a?.service ?? ''} at ${a?.endpoint ?? ''}`,
    input: single(a?.input),
  }),
  nexusOperationCompletedEventAttributes: ({ nexusOperationCompletedEventAttributes: a }) => ({
    result: single(a?.result),
  }),
  nexusOperationFailedEventAttributes: ({ nexusOperationFailedEventAttributes: a }) => failed(a?.failure),
  nexusOperationTimedOutEventAttributes: ({ nexusOperationTimedOutEventAttributes: a }) => failed(a?.failure),
  markerRecordedEventAttributes: markerDetails,
};

function detailsOfEvent(event: Event): RawDetails {
  const key = attributesKeyOf(event);
  return (key && DETAILS[key]?.(event)) ?? {};
}

const taskFailedCause = (cause: number | null | undefined): string =>
  textOfEnum(enums.WorkflowTaskFailedCause, 'WORKFLOW_TASK_FAILED_CAUSE_', cause);

function markerDetails(event: Event): RawDetails {
  if (patchMarkerOf(event)?.deprecated) return { note: 'deprecated' };
  const marker = event.markerRecordedEventAttributes;
  const result = localActivityMarkerOf(event) ? list(marker?.details?.['result']) : [];
  return { result, ...failed(marker?.failure) };
}

type ReadPayload = (payload: Payload | undefined) => unknown;

export interface DetailOptions {
  /** False to show no values. */
  values: boolean;
  /** Returns the value of a payload. By default, payloads are read as JSON. */
  readPayload?: ReadPayload;
}

/**
 * Returns the details of each entry of `timelineOf(events)`, in the same order. Without values, no payload is decoded, and the
 * messages of failures, which can hold values, are left out.
 */
export function detailsOf(
  entries: readonly TimelineEntry[],
  events: readonly Event[],
  { values, readPayload = payloadValueOf }: DetailOptions,
): EntryDetails[] {
  const byId = new Map(events.map((event) => [eventIdOf(event), event]));
  return entries.map((entry) => {
    const raw: RawDetails = {};
    // The change version upsert of a patch only repeats its name.
    for (const id of entry.kind === 'patch' ? entry.eventIds.slice(0, 1) : entry.eventIds) {
      const event = byId.get(id)!;
      Object.assign(raw, detailsOfEvent(event));
    }
    return decoded(raw, values, readPayload);
  });
}

function decoded(
  { input, fields, result, failure, lastFailure, reason, note }: RawDetails,
  values: boolean,
  readPayload: ReadPayload,
): EntryDetails {
  const shownValueOf = (payload: Payload | undefined): unknown => withBoundedDepth(readPayload(payload));
  const textOf = (failure: string | Failure): string =>
    typeof failure === 'string' ? failure : describeFailure(failure, { messages: values });
  const details: EntryDetails = {
    ...(note !== undefined && { note }),
    ...(failure && { failure: textOf(failure) }),
    ...(lastFailure && { lastFailure: textOf(lastFailure) }),
  };
  if (!values) return details;
  if (reason !== undefined) details.failure = reason;
  if (input?.length) details.input = input.map(shownValueOf);
  if (fields) {
    const entries = Object.entries(fields).map(([key, payload]) => [key, shownValueOf(payload)]);
    details.input = [Object.fromEntries(entries)];
  }
  if (result?.length) details.result = shownValueOf(result[0]);
  return details;
}

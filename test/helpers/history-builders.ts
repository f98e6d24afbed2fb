import type { Activation } from '../../src/replay/verdict/align';
import type { Command, Event } from '../../src/temporal/commands';

/** Builders of small histories and of the commands that workflow code answers with, for tests of single rules. */

/** An event without its id, which follows from its place in the history. */
export type Entry = (eventId: number) => Event;

const entry =
  (attributes: Omit<Event, 'eventId'>): Entry =>
  (eventId) => ({ eventId: eventId as never, ...attributes });

/** Numbers the events from 1 on, as a history does. */
export const historyOf = (...entries: (Entry | readonly Entry[])[]): Event[] =>
  entries.flat().map((build, i) => build(i + 1));

export const json = (value: unknown) => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(value)),
});
const list = (values: readonly unknown[]) => ({ payloads: values.map(json) });
export const seconds = (count: number) => ({ seconds: count as never });
const id = (eventId: number) => eventId as never;

// Events

export const started = (
  attributes: NonNullable<Event['workflowExecutionStartedEventAttributes']> = {},
): Entry => entry({ workflowExecutionStartedEventAttributes: attributes });

/** Three events: a workflow task that is scheduled, started and completed. `coreFlags` are those that it is the first to use. */
export const task = (coreFlags: number[] = []): Entry[] => [
  entry({ workflowTaskScheduledEventAttributes: {} }),
  entry({ workflowTaskStartedEventAttributes: {} }),
  (eventId) =>
    entry({
      workflowTaskCompletedEventAttributes: {
        startedEventId: id(eventId - 1),
        sdkMetadata: { coreUsedFlags: coreFlags },
      },
    })(eventId),
];

export const activityScheduled = (
  seq: number,
  name: string,
  {
    input = [],
    ...attributes
  }: Partial<Omit<NonNullable<Event['activityTaskScheduledEventAttributes']>, 'input'>> & {
    input?: unknown[];
  } = {},
): Entry =>
  entry({
    activityTaskScheduledEventAttributes: {
      activityId: String(seq),
      activityType: { name },
      input: list(input),
      ...attributes,
    },
  });
export const activityCompleted = (scheduledEventId: number, result?: unknown): Entry =>
  entry({
    activityTaskCompletedEventAttributes: {
      scheduledEventId: id(scheduledEventId),
      ...(result !== undefined && { result: list([result]) }),
    },
  });
export const activityCancelRequested = (scheduledEventId: number): Entry =>
  entry({ activityTaskCancelRequestedEventAttributes: { scheduledEventId: id(scheduledEventId) } });

export const timerStarted = (seq: number, length = 60): Entry =>
  entry({ timerStartedEventAttributes: { timerId: String(seq), startToFireTimeout: seconds(length) } });
export const timerFired = (seq: number, startedEventId: number): Entry =>
  entry({ timerFiredEventAttributes: { timerId: String(seq), startedEventId: id(startedEventId) } });
export const timerCanceled = (seq: number): Entry =>
  entry({ timerCanceledEventAttributes: { timerId: String(seq) } });

export const childInitiated = (
  name: string,
  workflowId: string,
  attributes: Partial<NonNullable<Event['startChildWorkflowExecutionInitiatedEventAttributes']>> = {},
): Entry =>
  entry({
    startChildWorkflowExecutionInitiatedEventAttributes: {
      workflowType: { name },
      workflowId,
      ...attributes,
    },
  });
export const externalCancelInitiated = (workflowId: string): Entry =>
  entry({
    requestCancelExternalWorkflowExecutionInitiatedEventAttributes: { workflowExecution: { workflowId } },
  });
export const nexusScheduled = (operation: string): Entry =>
  entry({ nexusOperationScheduledEventAttributes: { operation } });

export const patchMarker = (patchId: string, { deprecated = false } = {}): Entry =>
  entry({
    markerRecordedEventAttributes: {
      markerName: 'core_patch',
      details: { 'patch-data': { payloads: [json({ id: patchId, deprecated })] } },
    },
  });
/** The upsert with which core follows each patch marker. */
export const changeVersionUpsert = (): Entry =>
  entry({
    upsertWorkflowSearchAttributesEventAttributes: {
      searchAttributes: { indexedFields: { TemporalChangeVersion: json([]) } },
    },
  });
export const localActivityMarker = (seq: number, name: string): Entry =>
  entry({
    markerRecordedEventAttributes: {
      markerName: 'core_local_activity',
      details: {
        data: { payloads: [json({ seq, activity_id: String(seq), activity_type: name, attempt: 1 })] },
      },
    },
  });

export const updateAccepted = (name: string, protocolInstanceId: string): Entry =>
  entry({
    workflowExecutionUpdateAcceptedEventAttributes: {
      protocolInstanceId,
      acceptedRequest: { meta: { updateId: protocolInstanceId }, input: { name } },
    },
  });
export const updateCompleted = (
  acceptedEventId: number,
  updateId: string,
  outcome: NonNullable<Event['workflowExecutionUpdateCompletedEventAttributes']>['outcome'] = null,
): Entry =>
  entry({
    workflowExecutionUpdateCompletedEventAttributes: {
      acceptedEventId: id(acceptedEventId),
      meta: { updateId },
      outcome,
    },
  });

export const signaled = (signalName: string): Entry =>
  entry({ workflowExecutionSignaledEventAttributes: { signalName } });
export const completed = (...result: unknown[]): Entry =>
  entry({ workflowExecutionCompletedEventAttributes: { result: list(result) } });
export const failed = (failure: { message: string; stackTrace?: string }): Entry =>
  entry({ workflowExecutionFailedEventAttributes: { failure } });
export const continuedAsNew = (
  attributes: NonNullable<Event['workflowExecutionContinuedAsNewEventAttributes']>,
): Entry => entry({ workflowExecutionContinuedAsNewEventAttributes: attributes });

// Commands

export const scheduleActivity = (
  seq: number,
  activityType: string,
  { input = [], ...options }: Partial<NonNullable<Command['scheduleActivity']>> & { input?: unknown[] } = {},
): Command => ({
  scheduleActivity: { seq, activityType, activityId: String(seq), arguments: input.map(json), ...options },
});
export const cancelActivity = (seq: number): Command => ({ requestCancelActivity: { seq } });
export const scheduleLocalActivity = (seq: number, activityType: string): Command => ({
  scheduleLocalActivity: { seq, activityType, activityId: String(seq) },
});
export const startTimer = (seq: number, length = 60): Command => ({
  startTimer: { seq, startToFireTimeout: seconds(length) },
});
export const cancelTimer = (seq: number): Command => ({ cancelTimer: { seq } });
export const startChild = (
  seq: number,
  workflowType: string,
  workflowId: string,
  options: Partial<NonNullable<Command['startChildWorkflowExecution']>> = {},
): Command => ({ startChildWorkflowExecution: { seq, workflowType, workflowId, ...options } });
export const cancelChild = (seq: number): Command => ({
  cancelChildWorkflowExecution: { childWorkflowSeq: seq },
});
export const scheduleNexus = (
  seq: number,
  operation: string,
  options: Partial<NonNullable<Command['scheduleNexusOperation']>> = {},
): Command => ({ scheduleNexusOperation: { seq, operation, ...options } });
export const cancelNexus = (seq: number): Command => ({ requestCancelNexusOperation: { seq } });
export const signalWorkflow = (seq: number, signalName: string): Command => ({
  signalExternalWorkflowExecution: { seq, signalName },
});
export const patch = (patchId: string): Command => ({ setPatchMarker: { patchId } });
export const acceptUpdate = (protocolInstanceId: string): Command => ({
  updateResponse: { protocolInstanceId, accepted: {} },
});
export const answerUpdate = (protocolInstanceId: string, result: unknown): Command => ({
  updateResponse: { protocolInstanceId, completed: json(result) },
});
export const rejectUpdate = (protocolInstanceId: string, message: string): Command => ({
  updateResponse: { protocolInstanceId, rejected: { message } },
});
export const complete = (result?: unknown): Command => ({
  completeWorkflowExecution: result === undefined ? {} : { result: json(result) },
});
export const fail = (message: string, stackTrace = ''): Command => ({
  failWorkflowExecution: { failure: { message, stackTrace } },
});

/** The answer of the code to an activation of the workflow task that started with that event. */
export const activation = (
  taskStartedId: number,
  commands: readonly Command[],
  { replaying = true } = {},
): Activation => ({ taskStartedId, replaying, commands });

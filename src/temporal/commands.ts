import type { coresdk, temporal } from '@temporalio/proto';
import {
  type AttributesKey,
  type Event,
  attributesKeyOf,
  eventIdOf,
  nameOfAttributes,
  runEndStatusOf,
} from './event';
import { localActivityMarkerOf, patchMarkerOf } from './markers';

export { type Event, attributesKeyOf, eventIdOf } from './event';
export { patchMarkerOf } from './markers';
export type Command = coresdk.workflow_commands.IWorkflowCommand;

/**
 * The kinds of command that a history records as an event, one for one. Patch markers and local activities are kinds
 * of their own: both are recorded as `MarkerRecorded`, and core matches them by other rules.
 */
export type CommandKind =
  | 'activity'
  | 'activityCancel'
  | 'timer'
  | 'timerCancel'
  | 'child'
  | 'externalCancel'
  | 'externalSignal'
  | 'patch'
  | 'localActivity'
  | 'searchAttributes'
  | 'memo'
  | 'updateAccepted'
  | 'updateCompleted'
  | 'nexus'
  | 'nexusCancel'
  | 'complete'
  | 'fail'
  | 'cancel'
  | 'continueAsNew';

interface KindDefinition {
  /** Attributes of the event that records the command. */
  attributes: AttributesKey;
  /** Command type as the service's API names it. */
  command: string;
}

export const KINDS: Readonly<Record<CommandKind, KindDefinition>> = {
  activity: {
    attributes: 'activityTaskScheduledEventAttributes',
    command: 'ScheduleActivityTask',
  },
  activityCancel: {
    attributes: 'activityTaskCancelRequestedEventAttributes',
    command: 'RequestCancelActivityTask',
  },
  timer: { attributes: 'timerStartedEventAttributes', command: 'StartTimer' },
  timerCancel: { attributes: 'timerCanceledEventAttributes', command: 'CancelTimer' },
  child: {
    attributes: 'startChildWorkflowExecutionInitiatedEventAttributes',
    command: 'StartChildWorkflowExecution',
  },
  externalCancel: {
    attributes: 'requestCancelExternalWorkflowExecutionInitiatedEventAttributes',
    command: 'RequestCancelExternalWorkflowExecution',
  },
  externalSignal: {
    attributes: 'signalExternalWorkflowExecutionInitiatedEventAttributes',
    command: 'SignalExternalWorkflowExecution',
  },
  patch: { attributes: 'markerRecordedEventAttributes', command: 'RecordMarker' },
  localActivity: {
    attributes: 'markerRecordedEventAttributes',
    command: 'ScheduleLocalActivity',
  },
  searchAttributes: {
    attributes: 'upsertWorkflowSearchAttributesEventAttributes',
    command: 'UpsertWorkflowSearchAttributes',
  },
  memo: {
    attributes: 'workflowPropertiesModifiedEventAttributes',
    command: 'ModifyWorkflowProperties',
  },
  updateAccepted: {
    attributes: 'workflowExecutionUpdateAcceptedEventAttributes',
    command: 'AcceptWorkflowExecutionUpdate',
  },
  updateCompleted: {
    attributes: 'workflowExecutionUpdateCompletedEventAttributes',
    command: 'CompleteWorkflowExecutionUpdate',
  },
  nexus: {
    attributes: 'nexusOperationScheduledEventAttributes',
    command: 'ScheduleNexusOperation',
  },
  nexusCancel: {
    attributes: 'nexusOperationCancelRequestedEventAttributes',
    command: 'RequestCancelNexusOperation',
  },
  complete: {
    attributes: 'workflowExecutionCompletedEventAttributes',
    command: 'CompleteWorkflowExecution',
  },
  fail: {
    attributes: 'workflowExecutionFailedEventAttributes',
    command: 'FailWorkflowExecution',
  },
  cancel: {
    attributes: 'workflowExecutionCanceledEventAttributes',
    command: 'CancelWorkflowExecution',
  },
  continueAsNew: {
    attributes: 'workflowExecutionContinuedAsNewEventAttributes',
    command: 'ContinueAsNewWorkflowExecution',
  },
};

/** Returns the type of the event that records a command, as the Web UI shows it. */
export const eventNameOfKind = (kind: CommandKind): string => nameOfAttributes(KINDS[kind].attributes);

/** Returns true for the kinds of command that end a run. */
export const isTerminal = (kind: CommandKind): boolean =>
  runEndStatusOf(KINDS[kind].attributes) !== undefined;

/** Returns true if a command ends its run. */
export function endsRun(command: Command): boolean {
  const summary = producedSummaryOf(command);
  return summary !== null && isTerminal(summary.kind);
}

const KIND_BY_ATTRIBUTES = new Map<string, CommandKind>(
  Object.entries(KINDS)
    .filter(([kind]) => kind !== 'patch' && kind !== 'localActivity')
    .map(([kind, { attributes }]) => [attributes, kind as CommandKind]),
);

/** A command as a history recorded it. */
export interface RecordedItem {
  kind: CommandKind;
  eventId: number;
  event: Event;
  name: string | null;
  /**
   * The fields that identify the command: an activity's id and type, a timer's id … Core compares some of them at once and some
   * later (a timer's id when it fires), and the server refuses to cancel an unknown one.
   */
  identity: Readonly<Record<string, string>>;
}

type Summary = Pick<RecordedItem, 'name' | 'identity'>;
const summary = (name: string | null | undefined, identity: Record<string, string> = {}): Summary => ({
  name: name ?? null,
  identity,
});

/** Returns the names of fields, sorted, because their order in a history is up to the server. */
const keysOf = (fields: Readonly<Record<string, unknown>> | null | undefined): string | null =>
  Object.keys(fields ?? {})
    .sort()
    .join(', ') || null;

const RECORDED: Partial<Record<CommandKind, (event: Event) => Summary>> = {
  activity: ({ activityTaskScheduledEventAttributes: a }) =>
    summary(a?.activityType?.name, {
      activityType: a?.activityType?.name ?? '',
      activityId: a?.activityId ?? '',
    }),
  activityCancel: ({ activityTaskCancelRequestedEventAttributes: a }) =>
    summary(null, { scheduledEventId: String(a?.scheduledEventId ?? '') }),
  timer: ({ timerStartedEventAttributes: a }) => summary(a?.timerId, { timerId: a?.timerId ?? '' }),
  timerCancel: ({ timerCanceledEventAttributes: a }) => summary(a?.timerId, { timerId: a?.timerId ?? '' }),
  child: ({ startChildWorkflowExecutionInitiatedEventAttributes: a }) =>
    summary(a?.workflowType?.name, {
      workflowType: a?.workflowType?.name ?? '',
      workflowId: a?.workflowId ?? '',
    }),
  externalCancel: ({ requestCancelExternalWorkflowExecutionInitiatedEventAttributes: a }) =>
    summary(a?.workflowExecution?.workflowId),
  externalSignal: ({ signalExternalWorkflowExecutionInitiatedEventAttributes: a }) => summary(a?.signalName),
  updateAccepted: ({ workflowExecutionUpdateAcceptedEventAttributes: a }) =>
    summary(a?.acceptedRequest?.input?.name, { protocolInstanceId: a?.protocolInstanceId ?? '' }),
  updateCompleted: ({ workflowExecutionUpdateCompletedEventAttributes: a }) => summary(a?.meta?.updateId),
  nexus: ({ nexusOperationScheduledEventAttributes: a }) => summary(a?.operation),
  searchAttributes: ({ upsertWorkflowSearchAttributesEventAttributes: a }) =>
    summary(keysOf(a?.searchAttributes?.indexedFields)),
  continueAsNew: ({ workflowExecutionContinuedAsNewEventAttributes: a }) => summary(a?.workflowType?.name),
};

/** Returns the command that an event recorded; null for an event that no command causes. */
export function recordedItemOf(event: Event): RecordedItem | null {
  const key = attributesKeyOf(event);
  if (key === 'markerRecordedEventAttributes') return markerItemOf(event);
  const kind = key === undefined ? undefined : KIND_BY_ATTRIBUTES.get(key);
  if (kind === undefined) return null;
  return { kind, eventId: eventIdOf(event), event, ...(RECORDED[kind]?.(event) ?? summary(null)) };
}

function markerItemOf(event: Event): RecordedItem | null {
  const eventId = eventIdOf(event);
  const patch = patchMarkerOf(event);
  if (patch) return { kind: 'patch', eventId, event, ...summary(patch.id, { patchId: patch.id }) };
  const local = localActivityMarkerOf(event);
  if (!local) return null;
  const { activityType, activityId } = local;
  return { kind: 'localActivity', eventId, event, ...summary(activityType, { activityType, activityId }) };
}

export const localActivitySeqOf = (event: Event): number => localActivityMarkerOf(event)?.seq ?? -1;

/** A command of the current code that is yet to be matched with an event. */
export interface ProducedItem {
  kind: CommandKind;
  command: Command;
  name: string | null;
  identity: Readonly<Record<string, string>>;
  /** Number of the activity, timer, child or signal between workflow code and core; -1 if it has none. */
  seq: number;
  /** Id of the WorkflowTaskStarted event whose activation issued the command. */
  taskStartedId: number;
  /** Position among all commands that the code issued over the whole history. */
  order: number;
}

type ProducedSummary = Pick<ProducedItem, 'kind' | 'name' | 'identity' | 'seq'>;
const produced = (
  kind: CommandKind,
  seq: number | null | undefined,
  name: string | null | undefined,
  identity: Record<string, string> = {},
): ProducedSummary => ({ kind, seq: seq ?? -1, name: name ?? null, identity });

/** Returns a command that has an event of its own; null for cancels (see `align`), update responses and query answers. */
export function producedSummaryOf(command: Command): ProducedSummary | null {
  if (command.scheduleActivity) {
    const { seq, activityType, activityId } = command.scheduleActivity;
    return produced('activity', seq, activityType, {
      activityType: activityType ?? '',
      activityId: activityId || String(seq ?? ''),
    });
  }
  if (command.startTimer) {
    const timerId = String(command.startTimer.seq ?? '');
    return produced('timer', command.startTimer.seq, timerId, { timerId });
  }
  if (command.scheduleLocalActivity) {
    const { seq, activityType, activityId } = command.scheduleLocalActivity;
    return produced('localActivity', seq, activityType, {
      activityType: activityType ?? '',
      activityId: activityId ?? '',
    });
  }
  if (command.startChildWorkflowExecution) {
    const { seq, workflowType, workflowId } = command.startChildWorkflowExecution;
    return produced('child', seq, workflowType, {
      workflowType: workflowType ?? '',
      workflowId: workflowId ?? '',
    });
  }
  if (command.setPatchMarker) {
    const patchId = command.setPatchMarker.patchId ?? '';
    return produced('patch', -1, patchId, { patchId });
  }
  if (command.signalExternalWorkflowExecution) {
    const { seq, signalName } = command.signalExternalWorkflowExecution;
    return produced('externalSignal', seq, signalName);
  }
  if (command.requestCancelExternalWorkflowExecution) {
    const { seq, workflowExecution } = command.requestCancelExternalWorkflowExecution;
    return produced('externalCancel', seq, workflowExecution?.workflowId);
  }
  if (command.upsertWorkflowSearchAttributes) {
    const fields = searchAttributeFieldsOf(command.upsertWorkflowSearchAttributes);
    return produced('searchAttributes', -1, keysOf(fields));
  }
  if (command.modifyWorkflowProperties) return produced('memo', -1, null);
  if (command.scheduleNexusOperation) {
    return produced('nexus', command.scheduleNexusOperation.seq, command.scheduleNexusOperation.operation);
  }
  if (command.completeWorkflowExecution) return produced('complete', -1, null);
  if (command.failWorkflowExecution) return produced('fail', -1, null);
  if (command.cancelWorkflowExecution) return produced('cancel', -1, null);
  if (command.continueAsNewWorkflowExecution) {
    return produced('continueAsNew', -1, command.continueAsNewWorkflowExecution.workflowType);
  }
  return null;
}

type Payload = temporal.api.common.v1.IPayload;

/** Returns the upserted fields. SDKs before 1.14 give core the map itself, later ones a message that holds it. */
export function searchAttributeFieldsOf(
  upsert: coresdk.workflow_commands.IUpsertWorkflowSearchAttributes,
): Record<string, Payload> {
  const value = upsert.searchAttributes as
    { indexedFields?: Record<string, Payload> } | Record<string, Payload> | null;
  if (value == null) return {};
  return ('indexedFields' in value ? value.indexedFields : value) as Record<string, Payload>;
}

import type { temporal } from '@temporalio/proto';
import {
  type AttributesKey,
  type Event,
  attributesKeyOf,
  eventIdOf,
  milliseconds,
  runEndStatusOf,
} from './event';
import { eventTypeName } from './event-types';
import { isChangeVersionUpsert, localActivityMarkerOf, patchMarkerOf } from './markers';
import { type Reference, referenceOf } from './relations';
import type { TimelineEntry, TimelineKind } from '../model/timeline';
import { durationInWords } from '../util/duration-in-words';

type Status = TimelineEntry['status'];
type Failure = temporal.api.failure.v1.IFailure;

/** The parts of an entry that its first event gives. */
type Opening = Pick<TimelineEntry, 'kind' | 'name'> & Partial<Pick<TimelineEntry, 'attempts' | 'status'>>;

const opening = (
  kind: TimelineKind,
  name: string | null | undefined,
  rest: Partial<Opening> = {},
): Opening => ({ kind, name: name || null, ...rest });

/** Returns the opening of an entry that happens at once and has no end. */
const recorded = (kind: TimelineKind, name: string | null | undefined): Opening =>
  opening(kind, name, { status: 'recorded' });

const keysOf = (fields: object | null | undefined): string => Object.keys(fields ?? {}).join(', ');

/** The events that begin an entry. */
const OPENINGS: Partial<Record<AttributesKey, (event: Event) => Opening>> = {
  workflowExecutionStartedEventAttributes: ({ workflowExecutionStartedEventAttributes: a }) =>
    opening('workflow', a?.workflowType?.name, { attempts: a?.attempt || 1 }),
  workflowTaskScheduledEventAttributes: ({ workflowTaskScheduledEventAttributes: a }) =>
    opening('workflowTask', null, { attempts: a?.attempt || 1 }),
  activityTaskScheduledEventAttributes: ({ activityTaskScheduledEventAttributes: a }) =>
    opening('activity', a?.activityType?.name),
  timerStartedEventAttributes: ({ timerStartedEventAttributes: a }) =>
    opening('timer', durationInWords(milliseconds(a?.startToFireTimeout))),
  startChildWorkflowExecutionInitiatedEventAttributes: ({
    startChildWorkflowExecutionInitiatedEventAttributes: a,
  }) => opening('child', a?.workflowType?.name),
  signalExternalWorkflowExecutionInitiatedEventAttributes: ({
    signalExternalWorkflowExecutionInitiatedEventAttributes: a,
  }) => opening('externalSignal', a?.signalName),
  requestCancelExternalWorkflowExecutionInitiatedEventAttributes: ({
    requestCancelExternalWorkflowExecutionInitiatedEventAttributes: a,
  }) => opening('externalCancel', a?.workflowExecution?.workflowId),
  nexusOperationScheduledEventAttributes: ({ nexusOperationScheduledEventAttributes: a }) =>
    opening('nexus', a?.operation),
  workflowExecutionUpdateAdmittedEventAttributes: ({ workflowExecutionUpdateAdmittedEventAttributes: a }) =>
    opening('update', a?.request?.input?.name),
  workflowExecutionUpdateAcceptedEventAttributes: ({ workflowExecutionUpdateAcceptedEventAttributes: a }) =>
    opening('update', a?.acceptedRequest?.input?.name),
  workflowExecutionSignaledEventAttributes: ({ workflowExecutionSignaledEventAttributes: a }) =>
    recorded('signal', a?.signalName),
  workflowExecutionCancelRequestedEventAttributes: () => recorded('cancelRequest', null),
  upsertWorkflowSearchAttributesEventAttributes: ({ upsertWorkflowSearchAttributesEventAttributes: a }) =>
    recorded('searchAttributes', keysOf(a?.searchAttributes?.indexedFields)),
  workflowPropertiesModifiedEventAttributes: ({ workflowPropertiesModifiedEventAttributes: a }) =>
    recorded('memo', keysOf(a?.upsertedMemo?.fields)),
  markerRecordedEventAttributes: markerOpening,
};

function markerOpening(event: Event): Opening {
  const patch = patchMarkerOf(event);
  if (patch) return recorded('patch', patch.id);
  const marker = event.markerRecordedEventAttributes;
  const local = localActivityMarkerOf(event);
  if (!local) return recorded('marker', marker?.markerName);
  return opening('localActivity', local.activityType, {
    attempts: local.attempt,
    status: statusOf(marker?.failure),
  });
}

/** Returns the outcome of an end that has the same event for every outcome. */
function statusOf(failure: Failure | null | undefined): Status {
  if (failure == null) return 'completed';
  if (failure.canceledFailureInfo) return 'canceled';
  return failure.timeoutFailureInfo ? 'timedOut' : 'failed';
}

/**
 * Groups the events of a history by what they belong to, in the order in which each entry began. Every event is in exactly one
 * entry. An event that refers to no known event, or whose type this version doesn't know, is an entry of its own (`other`).
 * Never throws, not even for a history that `validateHistory` refuses.
 */
export function timelineOf(events: readonly Event[]): TimelineEntry[] {
  const timeline = new Timeline();
  for (const event of events) timeline.add(event);
  return timeline.entries;
}

class Timeline {
  readonly entries: TimelineEntry[] = [];
  private readonly byFirstEvent = new Map<number, { event: Event; entry: TimelineEntry }>();
  /** Updates that were admitted or accepted, by update id: not all of their later events name an event. */
  private readonly updates = new Map<string, TimelineEntry>();
  private workflow: TimelineEntry | null = null;
  /** The last patch, until its upsert has come. */
  private patch: TimelineEntry | null = null;
  /** Time of the last event that has one; not every event needs it. */
  private nowMs = 0;

  add(event: Event): void {
    if (event.eventTime) this.nowMs = Math.floor(milliseconds(event.eventTime));
    const key = attributesKeyOf(event);
    const entry = key === undefined ? null : this.entryOf(event, key);
    if (entry === null) this.open(event, recorded('other', eventTypeName(event.eventType)));
  }

  /** Returns the entry of an event; null if it belongs to nothing that is known. */
  private entryOf(event: Event, key: AttributesKey): TimelineEntry | null {
    const status = runEndStatusOf(key);
    if (status !== undefined) return this.append(this.workflow, event, status);
    if (key.startsWith('workflowExecutionUpdate')) return this.update(event, key);
    const reference = referenceOf(event);
    if (reference) return this.continue(event, reference);
    if (this.patch && isChangeVersionUpsert(event)) {
      const patch = this.patch;
      this.patch = null;
      return this.append(patch, event);
    }
    const opens = OPENINGS[key];
    if (!opens) return null;
    const entry = this.open(event, opens(event));
    if (entry.kind === 'workflow') this.workflow ??= entry;
    if (entry.kind === 'patch') this.patch = entry;
    return entry;
  }

  private continue(event: Event, { relation, eventId }: Reference): TimelineEntry | null {
    const begun = this.byFirstEvent.get(eventId);
    if (!begun?.event[relation.to]) return null;
    const { entry } = begun;
    entry.attempts = Math.max(entry.attempts, event.activityTaskStartedEventAttributes?.attempt ?? 0);
    return this.append(entry, event, relation.outcome);
  }

  private update(event: Event, key: AttributesKey): TimelineEntry | null {
    const {
      workflowExecutionUpdateAdmittedEventAttributes: admitted,
      workflowExecutionUpdateAcceptedEventAttributes: accepted,
      workflowExecutionUpdateRejectedEventAttributes: rejected,
      workflowExecutionUpdateCompletedEventAttributes: completed,
    } = event;
    if (completed) {
      const entry = this.byFirstEvent.get(referenceOf(event)?.eventId ?? 0)?.entry;
      const { meta, outcome } = completed;
      const known = entry?.kind === 'update' ? entry : this.updates.get(meta?.updateId ?? '');
      return this.append(known, event, statusOf(outcome?.failure));
    }
    const request = admitted?.request ?? accepted?.acceptedRequest ?? rejected?.rejectedRequest;
    const id = request?.meta?.updateId || accepted?.protocolInstanceId || rejected?.protocolInstanceId || '';
    const known = this.updates.get(id);
    if (rejected) return this.append(known, event, 'failed');
    const opens = OPENINGS[key];
    if (!opens) return null;
    if (known?.status === 'open' && accepted) return this.append(known, event);
    const entry = this.open(event, opens(event));
    this.updates.set(id, entry);
    return entry;
  }

  private open(event: Event, { kind, name, attempts = 0, status = 'open' }: Opening): TimelineEntry {
    const eventId = eventIdOf(event);
    const startMs = this.nowMs;
    const endMs = status === 'open' ? null : startMs;
    const entry: TimelineEntry = { kind, name, eventIds: [eventId], startMs, endMs, attempts, status };
    this.entries.push(entry);
    this.byFirstEvent.set(eventId, { event, entry });
    return entry;
  }

  private append(
    entry: TimelineEntry | null | undefined,
    event: Event,
    status?: Status,
  ): TimelineEntry | null {
    if (!entry) return null;
    entry.eventIds.push(eventIdOf(event));
    if (status === undefined) return entry;
    entry.status = status;
    entry.endMs = this.nowMs;
    return entry;
  }
}

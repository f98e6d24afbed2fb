import { type AttributesKey, type Event, nameOfAttributes } from '../../temporal/event';
import { attributesKeyOfType, eventTypeName, eventTypeOfAttributes } from '../../temporal/event-types';
import { localActivityMarkerOf } from '../../temporal/markers';
import { type Effect, RELATIONS_BY_EVENT, type Relation, referredIdOf } from '../../temporal/relations';
import type { HistoryProblem } from '../formats/problem';
import { describeEvent, refuse } from './refusal';

/** Ids that refer to no event. The time-skipping server writes -1 where it timed an activity out. */
const NO_EVENT: ReadonlySet<number> = new Set([0, -1]);

/** The events so far that had an effect on one activity, timer, child … */
type Progress = Partial<Record<Effect, Event>>;

/**
 * Refuses a history in which an event refers to an event of another type than it should, or follows an event that it cannot
 * follow: core's state machines answer the latter with a FATAL error ("transition is invalid").
 */
export function checkReferences(events: readonly Event[]): HistoryProblem | null {
  const progress = new Map<number, Progress>();
  const localActivities = new Set<number>();
  for (let index = 0; index < events.length; index++) {
    const event = events[index]!;
    const found = event.markerRecordedEventAttributes
      ? checkRecordedOnce(event, localActivities)
      : checkRelations(event, index, events, progress);
    if (found) return found;
  }
  return null;
}

function checkRecordedOnce(event: Event, localActivities: Set<number>): HistoryProblem | null {
  const local = localActivityMarkerOf(event);
  if (!local) return null;
  if (localActivities.has(local.seq))
    return refuse(
      'BAD_SEQUENCE',
      `${describeEvent(event)} records the result of a local activity a second time`,
    );
  localActivities.add(local.seq);
  return null;
}

function checkRelations(
  event: Event,
  index: number,
  events: readonly Event[],
  progress: Map<number, Progress>,
): HistoryProblem | null {
  const key = attributesKeyOfType(event.eventType);
  if (key === undefined || !event[key]) return null;
  for (const relation of RELATIONS_BY_EVENT.get(key) ?? []) {
    const { field, to, optional, same } = relation;
    const id = referredIdOf(event, key, field);
    if (optional && NO_EVENT.has(id)) continue;
    const target = id >= 1 && id <= index ? events[id - 1] : undefined;
    if (target?.eventType !== eventTypeOfAttributes(to)) {
      const found = target ? `is ${eventTypeName(target.eventType)}` : 'is not an earlier event';
      return refuse(
        'BAD_REFERENCE',
        `${describeEvent(event)} refers by ${field} to event ${id}, which ${found} instead of ${nameOfAttributes(to)}`,
      );
    }
    if (same && event[key]?.[same as never] !== target[to]?.[same as never])
      return refuse(
        'BAD_REFERENCE',
        `${describeEvent(event)} has another ${same} than ${describeEvent(target)}, to which it refers`,
      );
    const before = progress.get(id) ?? {};
    progress.set(id, before);
    const refused = checkProgress(event, target, relation, before);
    if (refused) return refused;
  }
  return null;
}

function checkProgress(
  event: Event,
  target: Event,
  { to, effect, needsStart }: Relation,
  progress: Progress,
): HistoryProblem | null {
  if (effect === 'change' || isOfWorkflowTask(to)) return null;
  const before = progress.end ?? progress[effect];
  if (before)
    return refuse(
      'BAD_SEQUENCE',
      `${describeEvent(event)} can not follow ${describeEvent(before)}, both of ${describeEvent(target)}`,
    );
  if (needsStart && !progress.start)
    return refuse(
      'BAD_SEQUENCE',
      `${describeEvent(event)} ends what ${describeEvent(target)} began, but it was never started`,
    );
  progress[effect] = event;
  return null;
}

/** Returns true for the events of workflow tasks, whose order `checkWorkflowTasks` checks. */
const isOfWorkflowTask = (key: AttributesKey): boolean => key.startsWith('workflowTask');

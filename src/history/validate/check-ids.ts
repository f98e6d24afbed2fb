import { type Event, eventIdOf } from '../../temporal/event';
import type { HistoryProblem } from '../formats/problem';
import { refuse } from './refusal';

/** Refuses a history whose event ids do not count from 1 without a gap. */
export function checkIds(events: readonly Event[]): HistoryProblem | null {
  for (let i = 0; i < events.length; i++) {
    const id = eventIdOf(events[i]!);
    if (!(id >= 1) || !Number.isSafeInteger(id)) {
      return refuse('EVENT_ID_INVALID', `events[${i}] has no valid event id; event ids count from 1`);
    }
    if (id !== i + 1) return wrongId(events, i, id);
  }
  return null;
}

function wrongId(events: readonly Event[], index: number, id: number): HistoryProblem {
  const ids = events.map(eventIdOf);
  const distinct = new Set(ids);
  if (distinct.size === ids.length && ids.every((each) => each >= 1 && each <= ids.length)) {
    const how =
      id === ids.length && index === 0
        ? 'newest first, as with --reverse'
        : `event ${id} is at events[${index}]`;
    return refuse('EVENT_ID_ORDER', `the events are not in order (${how})`);
  }
  if (ids.indexOf(id) < index)
    return refuse('EVENT_ID_DUPLICATE', `event id ${id} occurs twice (again at events[${index}])`);
  if (index === 0)
    return refuse('WRONG_FIRST_EVENT', `starts at event ${id}; a replay needs the history from event 1 on`);
  const previous = ids[index - 1]!;
  if (id < previous)
    return refuse('EVENT_ID_ORDER', `event ${id} comes after event ${previous}: the events are not in order`);
  return refuse(
    'EVENT_ID_GAP',
    `event ${previous} is followed by event ${id}: events are missing between them`,
  );
}

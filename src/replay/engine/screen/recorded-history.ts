import type { temporal } from '@temporalio/proto';
import { type Event, attributesKeyOf, eventIdOf } from '../../../temporal/event';
import { Unsure } from './unsure';
import { type KeyedEvent, findSequenceEnd } from './workflow-task-sequence';

type TaskCompleted = temporal.api.history.v1.IWorkflowTaskCompletedEventAttributes;

/** Events that core passes over if the server has marked them so (`is_ignorable`). */
const IGNORABLE: ReadonlySet<string> = new Set([
  'workflowExecutionOptionsUpdatedEventAttributes',
  'workflowExecutionPausedEventAttributes',
  'workflowExecutionUnpausedEventAttributes',
  'workflowExecutionTimeSkippingTransitionedEventAttributes',
]);

/** A recorded history, of which core applies one sequence of events after the other (`history_update.rs`). */
export class RecordedHistory {
  /** Id of the last workflow task that the recorded worker had completed. */
  readonly previousStartedId: number;
  private readonly events: readonly KeyedEvent[];
  private begin = 0;

  constructor(events: readonly Event[]) {
    this.events = events.map(keyed);
    this.previousStartedId = previousStartedIdOf(this.events);
  }

  /**
   * Takes the events after those of the workflow task `fromId`. `isLast` is true if they end the history; null if there are no
   * more.
   */
  takeSequence(fromId: number): { events: readonly KeyedEvent[]; isLast: boolean } | null {
    this.begin = this.beginAfter(fromId);
    const { index, isComplete } = findSequenceEnd(this.events, this.begin, fromId);
    if (!isComplete && index <= this.begin) return null;
    const events = this.events.slice(this.begin, index + 1);
    this.begin = index + 1;
    return { events, isLast: this.begin >= this.events.length };
  }

  /** Returns the sequence after the one that was taken last. */
  peekSequence(fromId: number): readonly KeyedEvent[] {
    const begin = this.beginAfter(fromId);
    if (begin >= this.events.length) return [];
    return this.events.slice(begin, findSequenceEnd(this.events, begin, fromId).index + 1);
  }

  /** Returns the next WorkflowTaskCompleted event that was not taken yet, from an id on; null if there is none. */
  peekTaskCompleted(fromId: number): TaskCompleted | null {
    for (let index = this.begin; index < this.events.length; index++) {
      const { id, event } = this.events[index]!;
      if (id >= fromId && event.workflowTaskCompletedEventAttributes)
        return event.workflowTaskCompletedEventAttributes;
    }
    return null;
  }

  private beginAfter(fromId: number): number {
    let index = this.begin;
    while (index < this.events.length && this.events[index]!.id <= fromId) index++;
    return index < this.events.length ? index : this.begin;
  }
}

function keyed(event: Event): KeyedEvent {
  const key = attributesKeyOf(event);
  if (key === undefined) throw new Unsure('unknown event', `${event.eventType}`);
  const isIgnored = event.workerMayIgnore === true && IGNORABLE.has(key);
  return { id: eventIdOf(event), key, event, isIgnored };
}

/** Returns the id by which core tells the recorded workflow tasks from new ones (`history_info.rs`). */
function previousStartedIdOf(events: readonly KeyedEvent[]): number {
  let started = 0;
  for (let index = 0; index < events.length; index++) {
    if (events[index]!.key !== 'workflowTaskStartedEventAttributes') continue;
    const next = events[index + 1];
    if (next === undefined) return started;
    if (next.key === 'workflowTaskCompletedEventAttributes') started = events[index]!.id;
  }
  return started;
}

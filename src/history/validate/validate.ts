import type { Event, History } from '../../temporal/event';
import type { HistoryProblem } from '../formats/problem';
import { checkEvent } from './check-event';
import { checkIds } from './check-ids';
import { checkReferences } from './check-references';
import { checkStart } from './check-start';
import { checkUpdates } from './check-updates';
import { checkWorkflowTasks } from './check-workflow-tasks';
import { refuse } from './refusal';

export type { HistoryProblem, HistoryProblemCode } from '../formats/problem';
export { hasReplayableTask } from './check-workflow-tasks';

/**
 * Returns the reason why a decoded history is unfit for replay; null if it is fit. A history is refused if it makes core panic
 * or wait for ever, or if a verdict on it would say nothing about the code. Each rule was tried against core
 * (`test/history/validate/core.test.ts`).
 */
export function validateHistory(history: History): HistoryProblem | null {
  const events = history.events ?? [];
  if (events.length === 0) return refuse('NO_EVENTS', 'has no events');
  return (
    checkIds(events) ??
    checkStart(events[0]!) ??
    checkEach(events) ??
    checkReferences(events) ??
    checkUpdates(events) ??
    checkWorkflowTasks(events)
  );
}

function checkEach(events: readonly Event[]): HistoryProblem | null {
  for (const [index, event] of events.entries()) {
    const found = checkEvent(event, index);
    if (found) return found;
  }
  return null;
}

import { type Event, milliseconds } from '../../temporal/event';
import { localActivityMarkerOf } from '../../temporal/markers';
import { roundedDurationInWords } from '../../util/duration-in-words';

const SHOWN_KINDS = 4;

/**
 * Summarizes what a run has done, the most frequent first, and the workflow time that it took, such as
 * `1,081 times the activity poll, 1,080 timers, in 18h 3m of workflow time`. Returns an empty string if it has begun nothing.
 */
export function summarizeEvents(events: readonly Event[]): string {
  const counts = new Map<string, number>();
  for (const event of events) {
    const kind = kindOf(event);
    if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, SHOWN_KINDS);
  if (most.length === 0) return '';
  const tookMs = milliseconds(events.at(-1)?.eventTime) - milliseconds(events[0]?.eventTime);
  const counted = most.map(([kind, count]) => countText(kind, count)).join(', ');
  return `${counted}, in ${roundedDurationInWords(tookMs)} of workflow time`;
}

const TIMER = 'timer';

function kindOf(event: Event): string | null {
  if (event.timerStartedEventAttributes) return TIMER;
  const activity = event.activityTaskScheduledEventAttributes;
  if (activity) return `the activity ${activity.activityType?.name}`;
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  if (child) return `the child ${child.workflowType?.name}`;
  const operation = event.nexusOperationScheduledEventAttributes;
  if (operation) return `the Nexus operation ${operation.operation}`;
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) return `the signal ${signal.signalName}`;
  const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
  if (update) return `the update ${update.name}`;
  const local = localActivityMarkerOf(event);
  return local ? `the local activity ${local.activityType}` : null;
}

function countText(kind: string, count: number): string {
  const number = count.toLocaleString('en');
  if (kind === TIMER) return count === 1 ? '1 timer' : `${number} timers`;
  return count === 1 ? `once ${kind}` : `${number} times ${kind}`;
}

import { temporal } from '@temporalio/proto';
import type { Divergence } from '../../../src/model/verdict';
import { existingFailure, existingUnknownType } from '../../../src/replay/verdict/existing-failure';
import type { Failure } from '../../../src/temporal/failure';
import {
  activityScheduled,
  type Entry,
  historyOf,
  json,
  started,
  task,
} from '../../helpers/history-builders';

const CAUSES = temporal.api.enums.v1.WorkflowTaskFailedCause;
const NONDETERMINISM = CAUSES.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR;
const THROWN = CAUSES.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE;

/** Three events: a workflow task that is scheduled, started and failed. */
const failedTask = (cause: number, failure: Failure): Entry[] => [
  ...task().slice(0, 2),
  (eventId) => ({
    eventId: eventId as never,
    workflowTaskFailedEventAttributes: { cause, failure, startedEventId: (eventId - 1) as never },
  }),
];
/** Events 1 to 5, with an activity in the last; a failed task begins at event 6. */
const BEGIN = [started(), ...task(), activityScheduled(1, 'charge')];

const TEXT =
  "Activity type of scheduled event 'charge' does not match activity type of activity command 'pay'";
const nondeterminism = (text = TEXT): Entry[] =>
  failedTask(NONDETERMINISM, { message: `[TMPRL1100] Nondeterminism error: ${text}` });
const divergence = (change: Partial<Divergence> = {}): Divergence => ({
  ...{ eventId: 5, recorded: null, produced: null, location: null, coreMessage: TEXT },
  ...change,
});

const NO_CARD: Failure = {
  message: 'no card',
  stackTrace: 'TypeError: no card\n    at pay (/srv/pay.ts:1:1)',
};
const thrown = (failure = NO_CARD): Entry[] => failedTask(THROWN, failure);
const failure = (change: { taskStartedId?: number; message?: string; type?: string } = {}) => ({
  ...{ taskStartedId: 7, replaying: false, type: 'TypeError', message: 'no card', stack: '' },
  ...change,
});

describe('existingFailure', () => {
  it('is the nondeterminism that core recorded in the last workflow task', () => {
    const events = historyOf(...BEGIN, nondeterminism());

    expect(existingFailure(events, { divergence: divergence() })).toEqual({ eventId: 8 });
  });

  it('is the one at the same event if the wording of core has changed', () => {
    const text = 'Timer machine does not handle this event: HistoryEvent(id: 5, ActivityTaskScheduled)';
    const events = historyOf(...BEGIN, nondeterminism(text));
    const found = divergence({ coreMessage: 'Timer cannot handle event 5' });

    expect(existingFailure(events, { divergence: found })).toEqual({ eventId: 8 });
    expect(existingFailure(events, { divergence: { ...found, eventId: 9 } })).toBeUndefined();
  });

  it('is none if core found something else, or accepts the history', () => {
    const events = historyOf(...BEGIN, nondeterminism());

    const other = divergence({ coreMessage: TEXT.replace('pay', 'refund') });
    expect(existingFailure(events, { divergence: other })).toBeUndefined();
    expect(existingFailure(events, { divergence: divergence({ coreMessage: null }) })).toBeUndefined();
  });

  it('is the error that the last workflow task threw, also when it was tried again', () => {
    const retried = task().slice(0, 2);
    const events = historyOf(...BEGIN, thrown(), retried);

    expect(existingFailure(events, { failure: failure({ taskStartedId: 10 }) })).toEqual({ eventId: 8 });
  });

  it.each([
    ['another message', failure({ message: 'no money' })],
    ['another class of error', failure({ type: 'RangeError' })],
    ['the same error in a task that had completed', failure({ taskStartedId: 3 })],
  ])('is none for %s', (_, found) => {
    expect(existingFailure(historyOf(...BEGIN, thrown()), { failure: found })).toBeUndefined();
  });

  it('is none if a later workflow task completed', () => {
    const events = historyOf(...BEGIN, thrown(), task());

    expect(existingFailure(events, { failure: failure({ taskStartedId: 10 }) })).toBeUndefined();
  });

  it('is none for a reset', () => {
    const reset = failedTask(CAUSES.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW, NO_CARD);

    expect(existingFailure(historyOf(...BEGIN, reset), { failure: failure() })).toBeUndefined();
  });

  it('reads a message that the failure converter encoded', () => {
    const encodedAttributes = json({ message: 'no card', stack_trace: NO_CARD.stackTrace });
    const events = historyOf(...BEGIN, thrown({ message: 'Encoded failure', encodedAttributes }));

    expect(existingFailure(events, { failure: failure() })).toEqual({ eventId: 8 });
  });
});

describe('existingUnknownType', () => {
  it('is the recorded failure of a run whose worker did not have its workflow type', () => {
    const message =
      "Failed to initialize workflow of type 'ship': no such function is exported by the workflow bundle";

    expect(existingUnknownType(historyOf(started(), thrown({ message })))).toEqual({ eventId: 4 });
    expect(existingUnknownType(historyOf(started(), thrown()))).toBeUndefined();
  });
});

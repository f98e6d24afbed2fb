import type { coresdk, temporal } from '@temporalio/proto';
import type { Event } from '../../../../temporal/event';
import { Unsure } from '../unsure';
import { type Response, StateMachine, type Transitions, sending } from './machine';
import { onlyPayloadOf } from './only-payload';
import { CANCEL_REQUESTED, retryStateOf } from './retry-state';

type Failure = temporal.api.failure.v1.IFailure;
type EventId = temporal.api.failure.v1.IActivityFailureInfo['scheduledEventId'];

const TRY_CANCEL = 0;
const WAIT_CANCELLATION_COMPLETED = 1;
const ABANDON = 2;

/** `activity_state_machine.rs` */
export class ActivityMachine extends StateMachine {
  readonly cancellationType: number;

  constructor(readonly command: coresdk.workflow_commands.IScheduleActivity) {
    super('ScheduleCommandCreated', TRANSITIONS);
    const type = command.cancellationType ?? TRY_CANCEL;
    this.cancellationType = type === WAIT_CANCELLATION_COMPLETED || type === ABANDON ? type : TRY_CANCEL;
  }

  cancel(): Response[] {
    if (RESOLVED.has(this.state)) return [];
    return this.fire(this.cancellationType === ABANDON ? 'abandon' : 'cancel');
  }

  fail(failure: Failure): void {
    this.resolve({ failed: { failure } });
  }

  resolve(result: coresdk.activity_result.IActivityResolution): void {
    this.job({ resolveActivity: { seq: this.command.seq ?? 0, result, isLocal: false } });
  }

  /** Issues the request to cancel, and tells the code at once unless it waits for the activity. */
  requestCancel(): void {
    this.respond({ kind: 'command', command: 'RequestCancelActivityTask' });
    if (this.cancellationType !== WAIT_CANCELLATION_COMPLETED) this.notifyCancelled({});
  }

  notifyCancelled(attributes: temporal.api.history.v1.IActivityTaskCanceledEventAttributes): void {
    const { details, identity, startedEventId, scheduledEventId } = attributes;
    const failure: Failure = {
      message: 'Activity cancelled',
      cause: { canceledFailureInfo: details ? { details } : {} },
      activityFailureInfo: this.failureInfo(identity, CANCEL_REQUESTED, startedEventId, scheduledEventId),
    };
    this.resolve({ cancelled: { failure } });
  }

  failureInfo(
    identity: string | null | undefined,
    retryState: number | null | undefined,
    startedEventId: EventId,
    scheduledEventId: EventId,
  ): temporal.api.failure.v1.IActivityFailureInfo {
    return {
      identity: identity ?? '',
      activityType: { name: this.command.activityType ?? '' },
      activityId: this.command.activityId ?? '',
      retryState: retryStateOf(retryState),
      startedEventId: startedEventId ?? null,
      scheduledEventId: scheduledEventId ?? null,
    };
  }
}

const RESOLVED: ReadonlySet<string> = new Set(['Completed', 'Canceled', 'Failed', 'TimedOut']);

function scheduled(
  machine: ActivityMachine,
  { activityTaskScheduledEventAttributes: recorded }: Event,
): string {
  const { activityId, activityType } = machine.command;
  if ((recorded?.activityId ?? '') !== (activityId ?? ''))
    throw new Unsure('commands do not fit', 'activity id');
  if ((recorded?.activityType?.name ?? '') !== (activityType ?? ''))
    throw new Unsure('commands do not fit', 'activity type');
  return 'ScheduledEventRecorded';
}

function cancelledBeforeSent(machine: ActivityMachine): string {
  machine.cancelledBeforeSent = true;
  machine.notifyCancelled({});
  return 'Canceled';
}

function abandoned(machine: ActivityMachine): string {
  machine.notifyCancelled({});
  return 'Canceled';
}

function completed(machine: ActivityMachine, { activityTaskCompletedEventAttributes: is }: Event): string {
  machine.resolve({ completed: onlyPayloadOf(is?.result) });
  return 'Completed';
}

function failed(machine: ActivityMachine, { activityTaskFailedEventAttributes: is }: Event): string {
  machine.fail({
    message: 'Activity task failed',
    cause: is?.failure ?? null,
    activityFailureInfo: machine.failureInfo(
      is?.identity,
      is?.retryState,
      is?.startedEventId,
      is?.scheduledEventId,
    ),
  });
  return 'Failed';
}

function timedOut(machine: ActivityMachine, { activityTaskTimedOutEventAttributes: is }: Event): string {
  machine.fail({
    message: 'Activity task timed out',
    cause: is?.failure ?? null,
    activityFailureInfo: machine.failureInfo('', is?.retryState, is?.startedEventId, is?.scheduledEventId),
  });
  return 'TimedOut';
}

function canceled(machine: ActivityMachine, { activityTaskCanceledEventAttributes: is }: Event): string {
  machine.notifyCancelled(is ?? {});
  return 'Canceled';
}

/** Makes a transition after a request to cancel: only code that waits for the activity still needs a job. */
const unlessCancelled =
  (notify: (machine: ActivityMachine, event: Event) => string, next: string) =>
  (machine: ActivityMachine, event: Event): string => {
    if (machine.cancellationType === TRY_CANCEL) return next;
    return notify(machine, event);
  };

/** Core ignores the end of an abandoned activity, and refuses that of another one. */
function afterAbandon(machine: ActivityMachine): string {
  if (machine.cancellationType !== ABANDON) throw new Unsure('commands do not fit', 'not abandoned');
  return 'Canceled';
}

const requesting =
  (next: string) =>
  (machine: ActivityMachine): string => {
    machine.requestCancel();
    return next;
  };

const TRANSITIONS: Transitions<ActivityMachine> = {
  ScheduleCommandCreated: {
    [sending('ScheduleActivityTask')]: 'ScheduleCommandCreated',
    ActivityTaskScheduled: scheduled,
    cancel: cancelledBeforeSent,
    abandon: cancelledBeforeSent,
  },
  ScheduledEventRecorded: {
    ActivityTaskStarted: 'Started',
    ActivityTaskTimedOut: timedOut,
    cancel: requesting('ScheduledActivityCancelCommandCreated'),
    abandon: abandoned,
  },
  Started: {
    ActivityTaskCompleted: completed,
    ActivityTaskFailed: failed,
    ActivityTaskTimedOut: timedOut,
    cancel: requesting('StartedActivityCancelCommandCreated'),
    abandon: abandoned,
  },
  ScheduledActivityCancelCommandCreated: {
    [sending('RequestCancelActivityTask')]: 'ScheduledActivityCancelCommandCreated',
    ActivityTaskCancelRequested: 'ScheduledActivityCancelEventRecorded',
  },
  ScheduledActivityCancelEventRecorded: {
    ActivityTaskCanceled: unlessCancelled(canceled, 'Canceled'),
    ActivityTaskStarted: 'StartedActivityCancelEventRecorded',
    ActivityTaskTimedOut: unlessCancelled(timedOut, 'TimedOut'),
  },
  StartedActivityCancelCommandCreated: {
    [sending('RequestCancelActivityTask')]: 'StartedActivityCancelCommandCreated',
    ActivityTaskCancelRequested: 'StartedActivityCancelEventRecorded',
  },
  StartedActivityCancelEventRecorded: {
    ActivityTaskFailed: unlessCancelled(failed, 'Failed'),
    ActivityTaskCompleted: unlessCancelled(completed, 'Completed'),
    ActivityTaskTimedOut: unlessCancelled(timedOut, 'TimedOut'),
    ActivityTaskCanceled: unlessCancelled(canceled, 'Canceled'),
  },
  Canceled: {
    ActivityTaskStarted: afterAbandon,
    ActivityTaskCompleted: afterAbandon,
  },
};

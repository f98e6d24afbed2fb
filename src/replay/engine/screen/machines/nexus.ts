import type { coresdk, temporal } from '@temporalio/proto';
import type { Event } from '../../../../temporal/event';
import { Unsure } from '../unsure';
import { type Response, StateMachine, type Transitions, sending } from './machine';

type Failure = temporal.api.failure.v1.IFailure;
type EventId = temporal.api.failure.v1.INexusOperationFailureInfo['scheduledEventId'];

const WAIT_CANCELLATION_COMPLETED = 0;
const ABANDON = 1;
const TRY_CANCEL = 2;
const WAIT_CANCELLATION_REQUESTED = 3;

/** `nexus_operation_state_machine.rs` */
export class NexusOperationMachine extends StateMachine {
  scheduledEventId: EventId = null;
  operationToken = '';
  private isCancelSent = false;

  constructor(readonly command: coresdk.workflow_commands.IScheduleNexusOperation) {
    super('ScheduleCommandCreated', TRANSITIONS);
  }

  get cancellationType(): number {
    const type = this.command.cancellationType ?? WAIT_CANCELLATION_COMPLETED;
    return type >= 0 && type <= 3 ? type : WAIT_CANCELLATION_COMPLETED;
  }

  get resolvesImmediatelyOnCancel(): boolean {
    return this.cancellationType === ABANDON || this.cancellationType === TRY_CANCEL;
  }

  cancel(): Response[] {
    return this.fire('cancel');
  }

  /** Issues the cancellation, once. Returns true if this call did. */
  issueCancel(): boolean {
    if (this.isCancelSent) return false;
    this.isCancelSent = true;
    if (this.cancellationType !== ABANDON)
      this.respond({ kind: 'command', command: 'RequestCancelNexusOperation' });
    if (this.resolvesImmediatelyOnCancel)
      this.resolve({ cancelled: this.cancelledFailure('Nexus operation cancelled after starting') });
    return true;
  }

  start(status: Omit<coresdk.workflow_activation.IResolveNexusOperationStart, 'seq'>): void {
    this.job({ resolveNexusOperationStart: { seq: this.command.seq ?? 0, ...status } });
  }

  resolve(result: coresdk.nexus.INexusOperationResult): void {
    this.job({ resolveNexusOperation: { seq: this.command.seq ?? 0, result } });
  }

  cancelledFailure(message: string): Failure {
    return this.failure(message, { canceledFailureInfo: {} });
  }

  failure(message: string, cause: Failure): Failure {
    const { endpoint, service, operation } = this.command;
    return {
      message,
      cause,
      nexusOperationExecutionFailureInfo: {
        scheduledEventId: this.scheduledEventId ?? null,
        endpoint: endpoint ?? '',
        service: service ?? '',
        operation: operation ?? '',
        operationToken: this.operationToken,
      },
    };
  }
}

type Notify = (machine: NexusOperationMachine, event: Event) => string;

const notPopulated = (what: string): Failure => ({
  message: `Nexus operation ${what} but failure field was not populated`,
});

const failedWith = (event: Event): Failure =>
  event.nexusOperationFailedEventAttributes?.failure ?? notPopulated('failed');
const canceledWith = (event: Event): Failure =>
  event.nexusOperationCanceledEventAttributes?.failure ?? notPopulated('was cancelled');
const timedOutWith = (event: Event): Failure =>
  event.nexusOperationTimedOutEventAttributes?.failure ?? notPopulated('timed out');

const failingStart =
  (failureOf: (event: Event) => Failure, next: string): Notify =>
  (machine, event) => {
    machine.start({ failed: failureOf(event) });
    return next;
  };

function completed(machine: NexusOperationMachine, event: Event): string {
  machine.resolve({ completed: event.nexusOperationCompletedEventAttributes?.result ?? {} });
  return 'Completed';
}

/** Core refuses the end of an operation that it has cancelled with the type ABANDON. */
function endedAfterCancel(machine: NexusOperationMachine): string {
  if (machine.cancellationType === ABANDON) throw new Unsure('commands do not fit', 'end of an operation');
  return 'Cancelled';
}

const TRANSITIONS: Transitions<NexusOperationMachine> = {
  ScheduleCommandCreated: {
    [sending('ScheduleNexusOperation')]: 'ScheduleCommandCreated',
    NexusOperationScheduled(machine, event) {
      machine.scheduledEventId = event.eventId ?? null;
      return 'ScheduledEventRecorded';
    },
    cancel(machine) {
      machine.cancelledBeforeSent = true;
      machine.start({ failed: machine.cancelledFailure('Nexus Operation cancelled before scheduled') });
      return 'Cancelled';
    },
  },
  ScheduledEventRecorded: {
    cancel(machine) {
      machine.issueCancel();
      return 'ScheduledEventRecorded';
    },
    [sending('RequestCancelNexusOperation')]: 'ScheduledEventRecorded',
    NexusOperationCancelRequested: 'ScheduledEventRecorded',
    NexusOperationCompleted(machine, event) {
      machine.start({ startedSync: true });
      return completed(machine, event);
    },
    NexusOperationFailed: failingStart(failedWith, 'Failed'),
    NexusOperationCanceled: failingStart(canceledWith, 'Cancelled'),
    NexusOperationTimedOut: failingStart(timedOutWith, 'TimedOut'),
    NexusOperationStarted(machine, event) {
      machine.operationToken = event.nexusOperationStartedEventAttributes?.operationToken ?? '';
      machine.start({ operationToken: machine.operationToken });
      return 'Started';
    },
  },
  Started: {
    cancel: (machine) =>
      machine.issueCancel() && machine.resolvesImmediatelyOnCancel ? 'Cancelled' : 'Started',
    [sending('RequestCancelNexusOperation')]: 'Started',
    NexusOperationCancelRequested: 'Started',
    NexusOperationCompleted: completed,
    NexusOperationFailed(machine, event) {
      machine.resolve({ failed: failedWith(event) });
      return 'Failed';
    },
    NexusOperationCanceled(machine, event) {
      machine.resolve({ cancelled: canceledWith(event) });
      return 'Cancelled';
    },
    NexusOperationCancelRequestCompleted(machine) {
      if (machine.cancellationType !== WAIT_CANCELLATION_REQUESTED) return 'Started';
      const failure = machine.cancelledFailure('Nexus operation cancellation request completed');
      machine.resolve({ cancelled: failure });
      return 'Cancelled';
    },
    NexusOperationCancelRequestFailed(machine, event) {
      if (machine.cancellationType !== WAIT_CANCELLATION_REQUESTED) return 'Started';
      const message = 'Nexus operation cancellation request failed';
      const cause = event.nexusOperationCancelRequestFailedEventAttributes?.failure ?? { message };
      machine.resolve({ failed: machine.failure(message, cause) });
      return 'Started';
    },
    NexusOperationTimedOut(machine, event) {
      machine.resolve({ timedOut: timedOutWith(event) });
      return 'TimedOut';
    },
  },
  Cancelled: {
    cancel: 'Cancelled',
    [sending('RequestCancelNexusOperation')]: 'Cancelled',
    NexusOperationCancelRequested: 'Cancelled',
    NexusOperationCompleted: endedAfterCancel,
    NexusOperationFailed: endedAfterCancel,
    NexusOperationTimedOut: endedAfterCancel,
    NexusOperationCancelRequestCompleted: 'Cancelled',
    NexusOperationCancelRequestFailed: 'Cancelled',
    NexusOperationCanceled: 'Cancelled',
  },
  Completed: {
    cancel: 'Completed',
    NexusOperationCancelRequestCompleted: 'Completed',
    NexusOperationCancelRequestFailed: 'Completed',
  },
  Failed: {
    cancel: 'Failed',
    NexusOperationCancelRequestCompleted: 'Failed',
    NexusOperationCancelRequestFailed: 'Failed',
  },
  TimedOut: {
    cancel: 'TimedOut',
    NexusOperationCancelRequestCompleted: 'TimedOut',
    NexusOperationCancelRequestFailed: 'TimedOut',
  },
};

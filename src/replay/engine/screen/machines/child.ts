import type { coresdk, temporal } from '@temporalio/proto';
import type { Event } from '../../../../temporal/event';
import { Unsure } from '../unsure';
import { CancelExternalMachine } from './cancel-external';
import { type Response, StateMachine, type Transitions, sending } from './machine';
import { onlyPayloadOf } from './only-payload';
import { NON_RETRYABLE_FAILURE, retryStateOf } from './retry-state';

type Failure = temporal.api.failure.v1.IFailure;
type EventId = temporal.api.failure.v1.IChildWorkflowExecutionFailureInfo['initiatedEventId'];

const ABANDON = 0;
const TRY_CANCEL = 1;
const START_TO_CLOSE = 1;

/** `child_workflow_state_machine.rs` */
export class ChildWorkflowMachine extends StateMachine {
  initiatedEventId: EventId = null;
  startedEventId: EventId = null;
  runId = '';
  hasSeenCancelled = false;
  reason = '';

  constructor(readonly command: coresdk.workflow_commands.IStartChildWorkflowExecution) {
    super('StartCommandCreated', TRANSITIONS);
  }

  get cancellationType(): number {
    const type = this.command.cancellationType ?? ABANDON;
    return type >= 0 && type <= 3 ? type : ABANDON;
  }

  get resolvesImmediatelyOnCancel(): boolean {
    return this.cancellationType === ABANDON || this.cancellationType === TRY_CANCEL;
  }

  cancel(reason: string): Response[] {
    this.reason = reason;
    return this.fire('cancel');
  }

  /** Issues the cancellation of the child, and tells the code at once unless it waits for the child. */
  cancelAfterStarted(): void {
    if (this.cancellationType !== ABANDON)
      this.respond({
        kind: 'coreMachine',
        machine: new CancelExternalMachine(0),
        command: 'RequestCancelExternalWorkflowExecution',
      });
    if (this.resolvesImmediatelyOnCancel) this.resolveCancelled();
  }

  started(status: Omit<coresdk.workflow_activation.IResolveChildWorkflowExecutionStart, 'seq'>): void {
    this.job({ resolveChildWorkflowExecutionStart: { seq: this.command.seq ?? 0, ...status } });
  }

  resolve(result: coresdk.child_workflow.IChildWorkflowResult): void {
    this.job({ resolveChildWorkflowExecution: { seq: this.command.seq ?? 0, result } });
  }

  resolveCancelled(): void {
    const failure: Failure = {
      message: 'Child Workflow execution cancelled',
      cause: { canceledFailureInfo: {} },
      childWorkflowExecutionFailureInfo: this.failureInfo(NON_RETRYABLE_FAILURE),
    };
    this.resolve({ cancelled: { failure } });
  }

  fail(message: string, cause: Failure | null, retryState: number | null | undefined): void {
    const childWorkflowExecutionFailureInfo = this.failureInfo(retryState);
    this.resolve({ failed: { failure: { message, cause, childWorkflowExecutionFailureInfo } } });
  }

  failureInfo(
    retryState: number | null | undefined,
  ): temporal.api.failure.v1.IChildWorkflowExecutionFailureInfo {
    const { namespace, workflowType, workflowId } = this.command;
    return {
      namespace: namespace ?? '',
      workflowType: { name: workflowType ?? '' },
      initiatedEventId: this.initiatedEventId ?? null,
      startedEventId: this.startedEventId ?? null,
      retryState: retryStateOf(retryState),
      workflowExecution: { workflowId: workflowId ?? '', runId: this.runId },
    };
  }
}

function initiated(machine: ChildWorkflowMachine, event: Event): string {
  const recorded = event.startChildWorkflowExecutionInitiatedEventAttributes;
  const { workflowId, workflowType } = machine.command;
  if ((recorded?.workflowId ?? '') !== (workflowId ?? ''))
    throw new Unsure('commands do not fit', 'child id');
  if ((recorded?.workflowType?.name ?? '') !== (workflowType ?? ''))
    throw new Unsure('commands do not fit', 'child type');
  machine.initiatedEventId = event.eventId ?? null;
  return 'StartEventRecorded';
}

function cancelledBeforeStart(machine: ChildWorkflowMachine): string {
  machine.cancelledBeforeSent = true;
  const failure: Failure = {
    message: `Child Workflow Execution cancelled before scheduled: ${machine.reason}`,
    cause: { canceledFailureInfo: {} },
    childWorkflowExecutionFailureInfo: machine.failureInfo(NON_RETRYABLE_FAILURE),
  };
  machine.started({ cancelled: { failure } });
  return 'Cancelled';
}

function started(machine: ChildWorkflowMachine, event: Event): string {
  const execution = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution;
  if (!execution) throw new Unsure('events do not fit', 'child without an execution');
  machine.startedEventId = event.eventId ?? null;
  machine.runId = execution.runId ?? '';
  machine.started({ succeeded: { runId: machine.runId } });
  return 'Started';
}

function startFailed(machine: ChildWorkflowMachine, event: Event): string {
  const { workflowId, workflowType } = machine.command;
  // Core has an enum of its own with the same numbers.
  const cause: number = event.startChildWorkflowExecutionFailedEventAttributes?.cause ?? 0;
  machine.started({ failed: { workflowId: workflowId ?? '', workflowType: workflowType ?? '', cause } });
  return 'StartFailed';
}

const cancelling =
  (otherwise: string) =>
  (machine: ChildWorkflowMachine): string => {
    machine.cancelAfterStarted();
    return machine.resolvesImmediatelyOnCancel ? 'Cancelled' : otherwise;
  };

/** Takes the end of a cancelled child. Core ignores it if the cancellation was the child's result, and refuses it otherwise. */
function endedAfterCancel(machine: ChildWorkflowMachine): string {
  if (!machine.resolvesImmediatelyOnCancel)
    throw new Unsure('commands do not fit', 'end of a cancelled child');
  return 'Cancelled';
}

const TRANSITIONS: Transitions<ChildWorkflowMachine> = {
  StartCommandCreated: {
    [sending('StartChildWorkflowExecution')]: 'StartCommandCreated',
    StartChildWorkflowExecutionInitiated: initiated,
    cancel: cancelledBeforeStart,
  },
  StartEventRecorded: {
    ChildWorkflowExecutionStarted: started,
    StartChildWorkflowExecutionFailed: startFailed,
    cancel: cancelling('StartEventRecorded'),
  },
  Started: {
    ChildWorkflowExecutionCompleted(machine, { childWorkflowExecutionCompletedEventAttributes: is }) {
      machine.resolve({ completed: onlyPayloadOf(is?.result) });
      return 'Completed';
    },
    ChildWorkflowExecutionFailed(machine, { childWorkflowExecutionFailedEventAttributes: is }) {
      machine.fail('Child Workflow execution failed', is?.failure ?? null, is?.retryState);
      return 'Failed';
    },
    ChildWorkflowExecutionTimedOut(machine, { childWorkflowExecutionTimedOutEventAttributes: is }) {
      const cause = { message: 'Timed out', timeoutFailureInfo: { timeoutType: START_TO_CLOSE } };
      machine.fail('Child Workflow execution timed out', cause, is?.retryState);
      return 'TimedOut';
    },
    ChildWorkflowExecutionCanceled(machine) {
      machine.resolveCancelled();
      machine.hasSeenCancelled = true;
      return 'Cancelled';
    },
    ChildWorkflowExecutionTerminated(machine) {
      const cause = { message: 'Terminated', terminatedFailureInfo: {} };
      machine.fail('Child Workflow execution terminated', cause, NON_RETRYABLE_FAILURE);
      return 'Terminated';
    },
    cancel: cancelling('Started'),
  },
  Cancelled: {
    cancel: 'Cancelled',
    ChildWorkflowExecutionStarted: 'Cancelled',
    StartChildWorkflowExecutionFailed: 'Cancelled',
    ChildWorkflowExecutionCanceled(machine) {
      if (machine.hasSeenCancelled) throw new Unsure('events do not fit', 'second cancellation of a child');
      machine.hasSeenCancelled = true;
      return 'Cancelled';
    },
    ChildWorkflowExecutionCompleted: endedAfterCancel,
    ChildWorkflowExecutionFailed: endedAfterCancel,
    ChildWorkflowExecutionTimedOut: endedAfterCancel,
    ChildWorkflowExecutionTerminated: endedAfterCancel,
  },
  Failed: { cancel: 'Failed' },
  StartFailed: { cancel: 'StartFailed' },
  TimedOut: { cancel: 'TimedOut' },
  Completed: { cancel: 'Completed' },
};

import { type Response, StateMachine, type Transitions, sending } from './machine';

/** The causes of a failure as core calls them, with its words for each. */
const CAUSES = [
  ['Unspecified', 'unknown'],
  ['ExternalWorkflowExecutionNotFound', 'it was not found'],
  ['NamespaceNotFound', 'it was not found'],
  ['SignalCountLimitExceeded', 'The per-workflow signal limit was exceeded'],
] as const;

/** `signal_external_state_machine.rs` */
export class SignalExternalMachine extends StateMachine {
  constructor(readonly seq: number) {
    super('SignalExternalCommandCreated', TRANSITIONS);
  }

  cancel(): Response[] {
    return this.fire('cancel');
  }
}

const TRANSITIONS: Transitions<SignalExternalMachine> = {
  SignalExternalCommandCreated: {
    [sending('SignalExternalWorkflowExecution')]: 'SignalExternalCommandCreated',
    SignalExternalWorkflowExecutionInitiated: 'SignalExternalCommandRecorded',
    cancel(machine) {
      machine.cancelledBeforeSent = true;
      const failure = { message: 'Signal was cancelled before being sent', canceledFailureInfo: {} };
      machine.job({ resolveSignalExternalWorkflow: { seq: machine.seq, failure } });
      return 'Cancelled';
    },
  },
  SignalExternalCommandRecorded: {
    cancel: 'SignalExternalCommandRecorded',
    ExternalWorkflowExecutionSignaled(machine) {
      machine.job({ resolveSignalExternalWorkflow: { seq: machine.seq } });
      return 'Signaled';
    },
    SignalExternalWorkflowExecutionFailed(machine, event) {
      const attributes = event.signalExternalWorkflowExecutionFailedEventAttributes;
      const [type, reason] = CAUSES[attributes?.cause ?? 0] ?? CAUSES[0];
      const failure = {
        message: `Unable to signal external workflow because ${reason}`,
        applicationFailureInfo: { type },
      };
      machine.job({ resolveSignalExternalWorkflow: { seq: machine.seq, failure } });
      return 'Failed';
    },
  },
  Cancelled: { cancel: 'Cancelled' },
  Signaled: { cancel: 'Signaled' },
};

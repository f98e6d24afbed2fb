import { StateMachine, type Transitions, sending } from './machine';

/** `SCREAMING_CASE` of the cause's name, as core calls it. */
const CAUSES = ['Unspecified', 'ExternalWorkflowExecutionNotFound', 'NamespaceNotFound'] as const;

/** `cancel_external_state_machine.rs` */
export class CancelExternalMachine extends StateMachine {
  constructor(readonly seq: number) {
    super('RequestCancelExternalCommandCreated', TRANSITIONS);
  }
}

const TRANSITIONS: Transitions<CancelExternalMachine> = {
  RequestCancelExternalCommandCreated: {
    [sending('RequestCancelExternalWorkflowExecution')]: 'RequestCancelExternalCommandCreated',
    RequestCancelExternalWorkflowExecutionInitiated: 'RequestCancelExternalCommandRecorded',
  },
  RequestCancelExternalCommandRecorded: {
    ExternalWorkflowExecutionCancelRequested(machine) {
      machine.job({ resolveRequestCancelExternalWorkflow: { seq: machine.seq } });
      return 'CancelRequested';
    },
    RequestCancelExternalWorkflowExecutionFailed(machine, event) {
      const attributes = event.requestCancelExternalWorkflowExecutionFailedEventAttributes;
      const cause = CAUSES[attributes?.cause ?? 0] ?? CAUSES[0];
      const reason = cause === 'Unspecified' ? 'unknown' : 'not found';
      const failure = {
        message: `Unable to cancel external workflow because ${reason}`,
        applicationFailureInfo: { type: cause },
      };
      machine.job({ resolveRequestCancelExternalWorkflow: { seq: machine.seq, failure } });
      return 'RequestCancelFailed';
    },
  },
};

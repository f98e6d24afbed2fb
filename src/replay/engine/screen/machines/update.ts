import type { coresdk } from '@temporalio/proto';
import { Unsure } from '../unsure';
import { type Response, StateMachine, type Transitions, sending } from './machine';

/** `update_state_machine.rs` */
export class UpdateMachine extends StateMachine {
  constructor() {
    super('RequestInitiated', TRANSITIONS);
  }

  answer({ accepted, rejected, completed }: coresdk.workflow_commands.IUpdateResponse): Response[] {
    if (accepted) return this.fire('accept');
    if (rejected) return this.fire('reject');
    if (completed) return this.fire('complete');
    throw new Unsure('unknown command', 'update response');
  }
}

const sends =
  (next: string) =>
  (machine: UpdateMachine): string => {
    machine.respond({ kind: 'command', command: 'ProtocolMessage' });
    return next;
  };

const MESSAGE = sending('ProtocolMessage');

const TRANSITIONS: Transitions<UpdateMachine> = {
  RequestInitiated: { accept: sends('Accepted'), reject: 'Rejected' },
  Accepted: {
    complete: sends('CompletedImmediately'),
    reject: sends('CompletedImmediately'),
    [MESSAGE]: 'AcceptCommandCreated',
  },
  AcceptCommandCreated: {
    WorkflowExecutionUpdateAccepted: 'AcceptCommandRecorded',
    complete: sends('CompletedImmediatelyAcceptCreated'),
    reject: sends('CompletedImmediatelyAcceptCreated'),
  },
  AcceptCommandRecorded: { complete: sends('Completed'), reject: sends('Completed') },
  Completed: { [MESSAGE]: 'CompletedCommandCreated' },
  CompletedCommandCreated: { WorkflowExecutionUpdateCompleted: 'CompletedCommandRecorded' },
  CompletedImmediately: { [MESSAGE]: 'CompletedImmediatelyAcceptCreated' },
  CompletedImmediatelyAcceptCreated: { [MESSAGE]: 'CompletedImmediatelyCompleteCreated' },
  CompletedImmediatelyCompleteCreated: { WorkflowExecutionUpdateAccepted: 'CompletedCommandCreated' },
};

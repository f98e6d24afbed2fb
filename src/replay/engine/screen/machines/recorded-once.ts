import { type CommandType, StateMachine, type Transitions, sending } from './machine';

/** A machine whose command is recorded as one event, after which nothing follows. */
export class RecordedOnceMachine extends StateMachine {
  constructor(readonly command: keyof typeof EVENTS) {
    super('CommandCreated', TRANSITIONS[command]!);
  }
}

/** The commands of such machines, with the events that record them. */
const EVENTS = {
  UpsertWorkflowSearchAttributes: 'UpsertWorkflowSearchAttributes',
  ModifyWorkflowProperties: 'WorkflowPropertiesModified',
  CompleteWorkflowExecution: 'WorkflowExecutionCompleted',
  FailWorkflowExecution: 'WorkflowExecutionFailed',
  CancelWorkflowExecution: 'WorkflowExecutionCanceled',
  ContinueAsNewWorkflowExecution: 'WorkflowExecutionContinuedAsNew',
} as const satisfies Partial<Record<CommandType, string>>;

const TRANSITIONS: Readonly<Record<string, Transitions>> = Object.fromEntries(
  (Object.entries(EVENTS) as [CommandType, string][]).map(([command, event]) => [
    command,
    {
      CommandCreated: { [sending(command)]: 'CommandIssued' },
      CommandIssued: { [event]: 'CommandRecorded' },
    },
  ]),
);

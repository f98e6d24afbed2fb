import type { ActivationJob } from '../../../../sdk/activation-jobs';
import type { Event } from '../../../../temporal/event';
import type { Time } from '../time';
import { Unsure } from '../unsure';

/*
 * Core's state machines (temporalio sdk-core, `worker/workflow/machines/`, read at SDK 1.24.0), one module a machine. Each
 * has core's states, transitions and jobs under core's names. Where core returns an error, these throw `Unsure`.
 */

/** The types of core's commands to the server that machines issue. */
export type CommandType =
  | 'ScheduleActivityTask'
  | 'RequestCancelActivityTask'
  | 'StartTimer'
  | 'CancelTimer'
  | 'StartChildWorkflowExecution'
  | 'SignalExternalWorkflowExecution'
  | 'RequestCancelExternalWorkflowExecution'
  | 'RecordMarker'
  | 'UpsertWorkflowSearchAttributes'
  | 'ModifyWorkflowProperties'
  | 'ScheduleNexusOperation'
  | 'RequestCancelNexusOperation'
  | 'ProtocolMessage'
  | 'CompleteWorkflowExecution'
  | 'FailWorkflowExecution'
  | 'CancelWorkflowExecution'
  | 'ContinueAsNewWorkflowExecution';

/** A request of a machine to the workflow machines after a transition. */
export type Response =
  | { kind: 'job'; job: ActivationJob }
  /** A further command of the same machine. */
  | { kind: 'command'; command: CommandType }
  /** A machine that core makes by itself, of which workflow code hears nothing. */
  | { kind: 'coreMachine'; machine: StateMachine; command: CommandType }
  | { kind: 'taskStarted'; eventId: number; time: Time }
  | { kind: 'reset'; runId: string }
  | { kind: 'cancelLocalActivity' }
  | { kind: 'time'; time: Time };

/** The transitions of a machine by state and input: the next state, or a function that returns it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each machine has a table of its own type
export type Transitions<M = any> = Readonly<
  Record<string, Readonly<Record<string, string | ((machine: M, event: Event) => string)>>>
>;

/** The input for a command that is about to be sent. */
export const sending = <C extends CommandType>(command: C): `send ${C}` => `send ${command}`;

export abstract class StateMachine {
  /** True if the command was cancelled before it was sent. */
  cancelledBeforeSent = false;
  private responses: Response[] = [];

  protected constructor(
    public state: string,
    private readonly transitions: Transitions,
  ) {}

  /** Takes an input and returns the responses of the machine. */
  fire(input: string, event: Event = NO_EVENT): Response[] {
    const next = this.transitions[this.state]?.[input];
    if (next === undefined)
      throw new Unsure('commands do not fit', `${this.constructor.name} in ${this.state} got ${input}`);
    this.responses = [];
    this.state = typeof next === 'string' ? next : next(this, event);
    return this.responses;
  }

  /** Returns true in a state that no transition leaves. */
  get isFinal(): boolean {
    return this.transitions[this.state] === undefined;
  }

  respond(response: Response): void {
    this.responses.push(response);
  }

  job(job: ActivationJob): void {
    this.responses.push({ kind: 'job', job });
  }
}

const NO_EVENT: Event = {};

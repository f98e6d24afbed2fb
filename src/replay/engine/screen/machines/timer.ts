import type { Event } from '../../../../temporal/event';
import { Unsure } from '../unsure';
import { type Response, StateMachine, type Transitions, sending } from './machine';

/** `timer_state_machine.rs` */
export class TimerMachine extends StateMachine {
  constructor(readonly seq: number) {
    super('StartCommandCreated', TRANSITIONS);
  }

  cancel(): Response[] {
    return this.fire('cancel');
  }
}

const TRANSITIONS: Transitions<TimerMachine> = {
  StartCommandCreated: {
    [sending('StartTimer')]: 'StartCommandCreated',
    TimerStarted: 'StartCommandRecorded',
    cancel(machine) {
      machine.cancelledBeforeSent = true;
      return 'Canceled';
    },
  },
  StartCommandRecorded: {
    TimerFired(machine, { timerFiredEventAttributes: fired }: Event) {
      if (fired?.timerId !== String(machine.seq)) throw new Unsure('commands do not fit', 'timer id');
      machine.job({ fireTimer: { seq: machine.seq } });
      return 'Fired';
    },
    cancel(machine) {
      machine.respond({ kind: 'command', command: 'CancelTimer' });
      return 'CancelTimerCommandCreated';
    },
  },
  CancelTimerCommandCreated: {
    cancel: 'CancelTimerCommandCreated',
    [sending('CancelTimer')]: 'CancelTimerCommandSent',
  },
  CancelTimerCommandSent: { TimerCanceled: 'Canceled' },
  Canceled: { cancel: 'Canceled' },
  Fired: { cancel: 'Fired' },
};

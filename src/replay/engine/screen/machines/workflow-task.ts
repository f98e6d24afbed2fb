import type { Event } from '../../../../temporal/event';
import { eventIdOf } from '../../../../temporal/event';
import type { Time } from '../time';
import { Unsure } from '../unsure';
import { StateMachine, type Transitions } from './machine';

const RESET_WORKFLOW = 20;

/** `workflow_task_state_machine.rs` */
export class WorkflowTaskMachine extends StateMachine {
  startedAt: Time = {};
  startedEventId = 0;

  constructor(
    /** Id of the WorkflowTaskStarted event that ends the events that are applied. */
    readonly awaitedStartedEventId: number,
  ) {
    super('Created', TRANSITIONS);
  }

  trigger(eventId: number): void {
    this.respond({ kind: 'taskStarted', eventId, time: this.startedAt });
  }
}

const TRANSITIONS: Transitions<WorkflowTaskMachine> = {
  Created: { WorkflowTaskScheduled: 'Scheduled' },
  Scheduled: {
    WorkflowTaskStarted(machine, event: Event) {
      if (!event.eventTime) throw new Unsure('events do not fit', 'no time');
      machine.startedAt = event.eventTime;
      machine.startedEventId = eventIdOf(event);
      if (machine.startedEventId >= machine.awaitedStartedEventId)
        machine.trigger(machine.awaitedStartedEventId);
      return 'Started';
    },
    WorkflowTaskTimedOut: 'TimedOut',
  },
  Started: {
    WorkflowTaskCompleted(machine) {
      machine.trigger(machine.startedEventId);
      return 'Completed';
    },
    WorkflowTaskFailed(machine, { workflowTaskFailedEventAttributes: failed }: Event) {
      if (failed?.cause === RESET_WORKFLOW) machine.respond({ kind: 'reset', runId: failed.newRunId ?? '' });
      return 'Failed';
    },
    WorkflowTaskTimedOut: 'TimedOut',
  },
};

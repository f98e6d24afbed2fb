import type { coresdk, temporal } from '@temporalio/proto';
import type { LocalActivityResult } from '../local-activity-marker';
import { localActivityResultOf } from '../local-activity-marker';
import { Unsure } from '../unsure';
import { type Response, StateMachine, type Transitions } from './machine';
import { CANCEL_REQUESTED } from './retry-state';

type Failure = temporal.api.failure.v1.IFailure;

/**
 * `local_activity_state_machine.rs`, the path of a replay: the activity waits for its marker. Where core would run the
 * activity, the screen is unsure.
 */
export class LocalActivityMachine extends StateMachine {
  private result: LocalActivityResult | null = null;

  constructor(readonly command: coresdk.workflow_commands.IScheduleLocalActivity) {
    super('WaitingResolveFromMarkerLookAhead', TRANSITIONS);
    if (command.scheduleToCloseTimeout == null && command.startToCloseTimeout == null)
      throw new Unsure('commands do not fit', 'local activity without a timeout');
  }

  get isWaiting(): boolean {
    return this.state === 'WaitingResolveFromMarkerLookAhead';
  }

  get isResolved(): boolean {
    return this.state === 'ResolvedFromMarkerLookAheadWaitingMarkerEvent';
  }

  cancel(): Response[] {
    return this.fire('cancel');
  }

  /** Takes the result from the marker that was found by looking ahead. */
  resolveWith(result: LocalActivityResult): Response[] {
    this.result = result;
    return this.fire('known result');
  }

  resolve(): void {
    const { completeTime, ...result } = this.result!;
    const resolution = this.resolutionOf(result);
    this.job({ resolveActivity: { seq: this.command.seq ?? 0, result: resolution, isLocal: true } });
    if (completeTime) this.respond({ kind: 'time', time: completeTime });
  }

  private resolutionOf({
    outcome,
    backoff,
    attempt,
    originalScheduleTime,
  }: Omit<LocalActivityResult, 'completeTime'>): coresdk.activity_result.IActivityResolution {
    if (backoff) return { backoff: { attempt: attempt + 1, backoffDuration: backoff, originalScheduleTime } };
    if ('completed' in outcome) return { completed: { result: outcome.completed } };
    if (!outcome.isCancelled) return { failed: { failure: outcome.failure } };
    return { cancelled: { failure: this.wrapped(outcome.failure) } };
  }

  /** Returns a cancellation as the failure of the activity, which it may be already. */
  private wrapped(failure: Failure): Failure {
    if (!failure.canceledFailureInfo) return failure;
    return {
      message: 'Local Activity cancelled',
      cause: failure,
      activityFailureInfo: {
        activityType: { name: this.command.activityType ?? '' },
        activityId: this.command.activityId ?? '',
        retryState: CANCEL_REQUESTED,
      },
    };
  }
}

const requestingCancel =
  (next: string) =>
  (machine: LocalActivityMachine): string => {
    machine.respond({ kind: 'cancelLocalActivity' });
    return next;
  };

const TRANSITIONS: Transitions<LocalActivityMachine> = {
  WaitingResolveFromMarkerLookAhead: {
    'known result'(machine) {
      machine.resolve();
      return 'ResolvedFromMarkerLookAheadWaitingMarkerEvent';
    },
    cancel: requestingCancel('WaitingResolveFromMarkerLookAhead'),
  },
  ResolvedFromMarkerLookAheadWaitingMarkerEvent: {
    cancel: requestingCancel('ResolvedFromMarkerLookAheadWaitingMarkerEvent'),
    MarkerRecorded(machine, event) {
      const { activityId, activityType, seq } = localActivityResultOf(event);
      if (seq !== machine.command.seq) throw new Unsure('commands do not fit', 'local activity number');
      if (activityId !== (machine.command.activityId ?? ''))
        throw new Unsure('commands do not fit', 'local activity id');
      if (activityType !== (machine.command.activityType ?? ''))
        throw new Unsure('commands do not fit', 'local activity type');
      return 'MarkerCommandRecorded';
    },
  },
  MarkerCommandRecorded: { cancel: requestingCancel('MarkerCommandRecorded') },
};

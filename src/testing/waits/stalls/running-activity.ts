import { MOCKED_RUN_ACTIVITIES } from '../../worker/mocked-workflow-steps';
import type { RunningActivity } from '../../activities/activity-runner';
import { areTimersFake } from '../../time/fake-timers';
import type { Stall, StallContext } from '../stall';

/** Returns the stall of an activity of any workflow that has been running for too long; null if there is none. */
export function runningActivityStall(
  { running, nowMs, idleMs, canSkipTime }: StallContext,
  workflowId = '',
): Stall | null {
  const activity = running.find(({ startedAtMs }) => nowMs - startedAtMs >= idleMs);
  if (!activity) return null;
  const { info, startedAtMs } = activity;
  const seconds = ((nowMs - startedAtMs) / 1000).toFixed(1);
  const skipping = canSkipTime ? ', and time cannot be skipped meanwhile' : '';
  const local = info.isLocal ? ' Local activities time out in real time.' : '';
  const fake = areTimersFake()
    ? ' The timers of this test are fake: an activity that waits for one goes on when the test lets their time pass.'
    : '';
  return {
    code: 'ACTIVITY_RUNNING',
    workflowId: info.workflowExecution?.workflowId ?? workflowId,
    reason: `The ${nameOf(info)} has been running for ${seconds} s${skipping}.${fake}`,
    hint: `Let it return or throw. If it takes that long on purpose, raise stallTimeout.${local}`,
  };
}

/** Names an activity. The activities that run a mocked workflow are internal, so that workflow is named instead. */
const nameOf = ({ activityType, attempt, workflowType, isLocal }: RunningActivity['info']): string =>
  activityType in MOCKED_RUN_ACTIVITIES
    ? `mock of the workflow ${workflowType}`
    : `${isLocal ? 'local ' : ''}activity ${activityType} (attempt ${attempt})`;

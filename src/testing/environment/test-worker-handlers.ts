import type { ActivityRunner } from '../activities/activity-runner';
import type { TestWorkerHandlers } from '../connection/test-worker';
import type { RequestedOptions } from '../mocks/requested-options';
import type { RunRegistry } from '../runs/run-registry';
import type { HeldTime } from '../time/held-time';
import type { WorkflowLog } from '../worker/protocol';
import { type EnvironmentMocks, mockRequestHandlers } from './environment-mocks';

/** The records of what the test worker reports. */
export interface Observations {
  runs: RunRegistry;
  requested: RequestedOptions;
  logs: WorkflowLog[];
}

/** The objects that carry out requests of the test worker. They are set before the first SDK worker starts. */
export interface Executors {
  activities: ActivityRunner;
  mocks: EnvironmentMocks;
  heldTime: HeldTime;
}

/** Returns the handlers for the messages of the test worker. */
export function testWorkerHandlers(
  { runs, requested, logs }: Observations,
  executors: Partial<Executors>,
): TestWorkerHandlers {
  return {
    requests: {
      runActivity: (task) => runs.recordingActivity(() => executors.activities!.run(task)),
      ...mockRequestHandlers(() => executors.mocks!),
    },
    notifications: {
      scheduled: (activity) => requested.add(activity),
      unfinishedWork(work) {
        executors.activities?.abandon(work.runId, work.activityIds);
        executors.heldTime?.release(work);
      },
      cancelActivity: (notice) => executors.activities?.cancel(notice),
      activated(run) {
        runs.recordActivation(run);
        if (run.ends) executors.heldTime?.runEnded(run);
      },
      taskFailed: (task) => runs.recordFailure(task),
      log: (log) => void logs.push(log),
    },
    closed: () => undefined,
  };
}

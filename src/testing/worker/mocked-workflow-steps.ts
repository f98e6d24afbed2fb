/** A run of a mocked workflow. */
export interface MockedRun {
  workflowType: string;
  workflowId: string;
  runId: string;
  /** From 1, by the child's own retry policy. */
  attempt: number;
}

/** What a mocked run does before its outcome. */
export interface MockedRunPlan {
  /** In workflow time. */
  delayMs: number;
  /** It never ends by itself; a cancellation ends it. */
  hangs: boolean;
}

/**
 * What a mocked workflow asks of the test; in its history these are activities. The arguments and the result are values of
 * their own, so that the service's payload converter takes each as it is.
 */
export interface MockedWorkflowActivities {
  'temporalReplay.beginRun'(run: MockedRun, ...args: unknown[]): Promise<MockedRunPlan>;
  'temporalReplay.endRun'(run: MockedRun): Promise<unknown>;
}

/** A workflow type that nothing but this library uses: it waits until it is ended. */
export const HELD_WORKFLOW = 'temporalReplay.held';

export const MOCKED_RUN_ACTIVITIES: Record<keyof MockedWorkflowActivities, true> = {
  'temporalReplay.beginRun': true,
  'temporalReplay.endRun': true,
};

/** A run of a mocked workflow. */
export interface MockedRun {
  workflowType: string;
  workflowId: string;
  runId: string;
  /** Number of the attempt by the child's own retry policy, from 1. */
  attempt: number;
}

/** Steps of a mocked run before its outcome. */
export interface MockedRunPlan {
  /** Delay in workflow time. */
  delayMs: number;
  /** It never ends by itself; a cancellation ends it. */
  hangs: boolean;
}

/**
 * The activities with which a mocked workflow calls the test. Arguments and results are passed as separate values, so that the
 * service's payload converter converts each of them unchanged.
 */
export interface MockedWorkflowActivities {
  'temporalReplay.beginRun'(run: MockedRun, ...args: unknown[]): Promise<MockedRunPlan>;
  'temporalReplay.endRun'(run: MockedRun): Promise<unknown>;
}

/** Workflow type reserved for this library: its runs stay open until they are terminated or cancelled. */
export const HELD_WORKFLOW = 'temporalReplay.held';

export const MOCKED_RUN_ACTIVITIES: Record<keyof MockedWorkflowActivities, true> = {
  'temporalReplay.beginRun': true,
  'temporalReplay.endRun': true,
};

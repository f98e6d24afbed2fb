/** What a mocked workflow asks of the test; in its history these are activities. */
export interface MockedWorkflowActivities {
  nextStep(workflowType: string, args: unknown[]): Promise<MockedWorkflowStep>;
  noteSignal(workflowType: string, name: string, args: unknown[]): Promise<void>;
  noteCancelled(workflowType: string): Promise<void>;
}

export interface MockedWorkflowStep {
  /** In workflow time, before anything else. */
  delayMs: number;
  /** Never ends by itself; a cancellation ends it. */
  hang: boolean;
  result: unknown;
}

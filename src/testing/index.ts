export { createTestEnvironment } from './open-environment';
export type { TestEnvironment } from './environment';
export type { TestEnvironmentOptions, TestStartOptions } from './environment-options';
export type { TestWorkflowHandle } from './handle';
export type { UntilOptions } from './wait-until';
export type { MetricUpdate, WorkflowLog } from '../test-worker/protocol';
export {
  callOrder,
  hang,
  mockActivities,
  type ActivityCall,
  type ActivityImplementations,
  type ActivityMock,
  type ActivityMocks,
  type MockActivitiesOptions,
} from './mock-activities';
export { applicationFailure, nonRetryableFailure, retryableFailure } from './failures';
export type { Implementation, MockFunction } from './mock-function';
export { registerTestFramework, type TestFramework } from './test-framework';
export { describeReplay, type DescribeReplayOptions } from './describe-replay';
export type { ActivityExpectation } from './matchers/to-have-activity';
export type { ReplayCode } from './matchers/to-replay';
export type { TemporalMatchers } from './matchers/types';
export { recordHistory, type RecordableHandle, type RecordedHistory } from './record-history';
export {
  mockChildWorkflows,
  type ChildWorkflowCall,
  type ChildWorkflowImplementations,
  type ChildWorkflowMock,
  type ChildWorkflowMocks,
  type MockChildWorkflowsOptions,
} from './mock-child-workflows';
export {
  mockNexusOperations,
  type MockNexusOperationsOptions,
  type NexusOperationCall,
  type NexusOperationFunctions,
  type NexusOperationImplementations,
  type NexusOperationMock,
  type NexusOperationMocks,
  type NexusServiceDefinition,
} from './mock-nexus-operations';
export type { MockedExternalWorkflow } from './external-workflow';
export type { ReceivedSignal } from './received-signals';
export { runActivity, type ActivityInput, type ActivityRun, type RunActivityOptions } from './run-activity';

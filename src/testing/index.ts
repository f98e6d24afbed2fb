import '../packages/sdk-resolution';
export { createTestEnvironment } from './environment/create-test-environment';
export type { TestEnvironment } from './environment/environment';
export type { TestEnvironmentOptions, TestStartOptions } from './environment/environment-options';
export type { TestWorkflowHandle } from './environment/handle';
export type { UntilOptions } from './waits/wait-until';
export type { MetricUpdate, WorkflowLog } from './worker/protocol';
export {
  callOrder,
  hang,
  mockActivities,
  type ActivityCall,
  type ActivityImplementations,
  type ActivityMock,
  type ActivityMocks,
  type MockActivitiesOptions,
} from './mocks/mock-activities';
export { applicationFailure, nonRetryableFailure, retryableFailure } from './mocks/failures';
export type { Implementation, MockFunction } from './mocks/mock-function';
export { registerTestFramework, type TestFramework } from './mocks/mock-function-factory';
export { describeReplay, type DescribeReplayOptions } from './histories/describe-replay';
export type { ActivityExpectation } from './matchers/to-have-activity';
export type { ReplayCode } from './matchers/to-replay';
export type { TemporalMatchers } from './matchers/types';
export { recordHistory, type RecordableHandle, type RecordedHistory } from './histories/record-history';
export {
  mockChildWorkflows,
  type ChildWorkflowCall,
  type ChildWorkflowImplementations,
  type ChildWorkflowMock,
  type ChildWorkflowMocks,
  type MockChildWorkflowsOptions,
} from './mocks/mock-child-workflows';
export {
  mockNexusOperations,
  type MockNexusOperationsOptions,
  type NexusOperationCall,
  type NexusOperationFunctions,
  type NexusOperationImplementations,
  type NexusOperationMock,
  type NexusOperationMocks,
  type NexusServiceDefinition,
} from './mocks/mock-nexus-operations';
export type { MockedExternalWorkflow } from './environment/external-workflow';
export type { ReceivedSignal } from './mocks/received-signals';
export {
  runActivity,
  type ActivityInput,
  type ActivityRun,
  type RunActivityOptions,
} from './activities/run-activity';

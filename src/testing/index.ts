export {
  createTestEnvironment,
  type TestEnvironment,
  type TestEnvironmentOptions,
  type TestStartOptions,
} from './environment';
export type { TestWorkflowHandle } from './handle';
export type { UntilOptions } from './wait-until';
export type { MetricUpdate, WorkflowLog } from '../test-worker/protocol';

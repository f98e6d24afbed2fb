export {
  createTestEnvironment,
  type TestEnvironment,
  type TestEnvironmentOptions,
  type TestStartOptions,
} from './environment';

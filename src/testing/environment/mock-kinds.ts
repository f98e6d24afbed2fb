import { openChildWorkflowMocks } from '../mocks/mocked-runs';
import { openNexusOperationMocks } from '../mocks/nexus-runner';
import type { MockContext, MockRequest, OpenedMocks } from '../mocks/opened-mocks';
import type { TestEnvironmentOptions } from './environment-options';

/**
 * The kinds of mocks that an environment opens, by the request by which the test worker calls them. `mockActivities` needs no
 * row: its mocks are functions, which the option `activities` takes like any others.
 */
export const MOCK_KINDS: {
  readonly [R in MockRequest]: (options: TestEnvironmentOptions, context: MockContext) => OpenedMocks<R>;
} = {
  startChild: openChildWorkflowMocks,
  runNexusOperation: openNexusOperationMocks,
};

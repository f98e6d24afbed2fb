import { openChildWorkflowMocks } from '../mocks/mocked-runs';
import { openNexusOperationMocks } from '../mocks/nexus-runner';
import type { MockContext, MockRequest, OpenedMocks } from '../mocks/opened-mocks';

/**
 * The kinds of mocks that an environment opens, by the request by which the test worker calls them. `mockActivities` needs no
 * row: its mocks are functions, which the option `activities` takes like any others.
 */
export const MOCK_KINDS = {
  startChild: openChildWorkflowMocks,
  runNexusOperation: openNexusOperationMocks,
} satisfies { readonly [R in MockRequest]: OpenMocks<R> };

type OpenMocks<R extends MockRequest> = (options: never, context: MockContext) => OpenedMocks<R>;

type OptionsOfKind = Parameters<(typeof MOCK_KINDS)[MockRequest]>[0];

/** The options of all kinds together. Each kind declares its own beside the function that opens its mocks. */
export type MockOptions = IntersectionOf<OptionsOfKind>;

type IntersectionOf<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

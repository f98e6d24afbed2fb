import type { AnyFunction } from '../mocks/mock-function';
import type {
  MockContext,
  MockRequest,
  MockRequestHandler,
  OpenedMocks,
  OperationAttempts,
} from '../mocks/opened-mocks';
import type { TestEnvironmentOptions } from './environment-options';
import { MOCK_KINDS } from './mock-kinds';

type OpenedByRequest = { readonly [R in MockRequest]: OpenedMocks<R> };
type MockRequestHandlers = { readonly [R in MockRequest]: MockRequestHandler<R> };

const MOCK_REQUESTS = Object.keys(MOCK_KINDS) as MockRequest[];

/** The mocks of all kinds in one environment. */
export class EnvironmentMocks {
  private readonly byRequest: OpenedByRequest;

  /** @throws TypeError if an option has a value that the function of its kind has not returned */
  constructor(options: TestEnvironmentOptions, context: MockContext) {
    const opened = MOCK_REQUESTS.map((request) => [request, MOCK_KINDS[request](options, context)]);
    this.byRequest = Object.fromEntries(opened) as OpenedByRequest;
  }

  private get all(): OpenedByRequest[MockRequest][] {
    return Object.values(this.byRequest);
  }

  /** The library's own activities that mocks use. */
  get activities(): Record<string, AnyFunction> {
    return Object.fromEntries(this.all.flatMap(({ activities = {} }) => Object.entries(activities)));
  }

  /** The workflow types that are mocked. */
  get workflowTypes(): string[] {
    return this.all.flatMap(({ workflowTypes = [] }) => workflowTypes);
  }

  /** The task queues that mocks need besides those of the environment. */
  get taskQueues(): string[] {
    return this.all.flatMap(({ taskQueues = [] }) => taskQueues);
  }

  /** The Nexus operations that are running, and those whose last attempt failed. */
  get operations(): OperationAttempts {
    const each = this.all.flatMap(({ operations = [] }) => operations);
    return {
      running: each.flatMap(({ running }) => running),
      failed: each.flatMap(({ failed }) => failed),
    };
  }

  /** Returns the handler of a request. */
  handlerOf<R extends MockRequest>(request: R): MockRequestHandler<R> {
    return this.byRequest[request].answer;
  }

  /** Starts the SDK workers that only mocks need. */
  async start(): Promise<void> {
    for (const mocks of this.all) await mocks.start?.();
  }

  /** Fails all running calls: an SDK worker waits for its calls before it stops. */
  endCalls(): void {
    for (const mocks of this.all) mocks.endCalls?.();
  }

  /** Deletes what mocks have created on the server. */
  async deleteFromServer(): Promise<void> {
    for (const mocks of this.all) await mocks.deleteFromServer?.();
  }
}

/** Returns handlers of the requests by which the test worker calls mocks. `mocks` is called once a request arrives. */
export function mockRequestHandlers(mocks: () => EnvironmentMocks): MockRequestHandlers {
  const handlerOf =
    <R extends MockRequest>(request: R): MockRequestHandler<R> =>
    (params) =>
      mocks().handlerOf(request)(params);
  return Object.fromEntries(
    MOCK_REQUESTS.map((request) => [request, handlerOf(request)]),
  ) as MockRequestHandlers;
}

/** Any function, from which the type of a mock is derived. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyFunction = (...args: any[]) => any;

/**
 * An implementation of a mock: a function with the same arguments that returns the same result. A function that is not async
 * may be implemented by an async one. An async function must stay async: with a choice of two result types, TypeScript would
 * infer `string` and not a literal type for `async () => 'paid'`.
 */
export type Implementation<F extends AnyFunction> = (
  ...args: Parameters<F>
) => ReturnType<F> extends Promise<unknown> ? ReturnType<F> : ReturnType<F> | Promise<ReturnType<F>>;

/** The calls that a mock function has recorded, in the fields that jest and vitest have in common. */
export interface MockState<F extends AnyFunction> {
  /** Arguments of each call, in order. */
  readonly calls: Parameters<F>[];
  readonly results: readonly { type: string; value: unknown }[];
  /** Position of each call among the calls of all mocks. */
  readonly invocationCallOrder: readonly number[];
}

/** The methods of a mock function that all test runners have in common. A reset restores the initial implementation. */
export interface MockFunction<F extends AnyFunction> {
  (...args: Parameters<F>): ReturnType<F>;
  readonly mock: MockState<F>;
  mockImplementation(implementation: Implementation<F>): this;
  mockImplementationOnce(implementation: Implementation<F>): this;
  mockReturnValue(value: ReturnType<F>): this;
  mockReturnValueOnce(value: ReturnType<F>): this;
  mockResolvedValue(value: Awaited<ReturnType<F>>): this;
  mockResolvedValueOnce(value: Awaited<ReturnType<F>>): this;
  mockRejectedValue(error: unknown): this;
  mockRejectedValueOnce(error: unknown): this;
  /** Clears the recorded calls. */
  mockClear(): this;
  /** Clears the recorded calls and restores the initial implementation. */
  mockReset(): this;
}

let calls = 0;

/**
 * Creates a mock function for test runners that have none. It records calls as jest's does, so that an `expect` for jest's mock
 * functions accepts it.
 */
export function createMockFunction(
  implementation: AnyFunction,
): AnyFunction & { mock: MockState<AnyFunction> } {
  const empty = () => ({ calls: [], results: [], invocationCallOrder: [] }) as MutableState;
  const record = (state: MutableState, type: string, value: unknown): void =>
    void state.results.push({ type, value });
  function mockFunction(this: unknown, ...args: unknown[]): unknown {
    const state = mockFunction.mock;
    state.calls.push(args);
    state.invocationCallOrder.push(++calls);
    try {
      const value = implementation.apply(this, args) as unknown;
      record(state, 'return', value);
      return value;
    } catch (err) {
      record(state, 'throw', err);
      throw err;
    }
  }
  mockFunction.mock = empty();
  mockFunction._isMockFunction = true;
  mockFunction.getMockName = () => implementation.name;
  mockFunction.mockClear = () => void (mockFunction.mock = empty());
  return mockFunction;
}

interface MutableState {
  calls: unknown[][];
  results: { type: string; value: unknown }[];
  invocationCallOrder: number[];
}

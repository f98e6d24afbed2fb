/** Any function, as a mock's type is derived from it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyFunction = (...args: any[]) => any;

/**
 * A stand-in for a function: its arguments and its result, or a promise of it where it returns none by itself. An async
 * function is to be async here too: of two results to choose from, TypeScript would not take `async () => 'paid'` for one
 * of a few strings.
 */
export type Implementation<F extends AnyFunction> = (
  ...args: Parameters<F>
) => ReturnType<F> extends Promise<unknown> ? ReturnType<F> : ReturnType<F> | Promise<ReturnType<F>>;

/** What a mock function knows of its calls; jest's and vitest's have the same fields. */
export interface MockState<F extends AnyFunction> {
  /** Arguments of each call, in order. */
  readonly calls: Parameters<F>[];
  readonly results: readonly { type: string; value: unknown }[];
  /** The place of each call among those of all mocks. */
  readonly invocationCallOrder: readonly number[];
}

/** The part of a mock function that every test runner has. Resetting it goes back to what it was made with. */
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
  /** Forgets the calls. */
  mockClear(): this;
  /** Forgets the calls, and does again what it did when it was made. */
  mockReset(): this;
}

let calls = 0;

/**
 * A mock function for runners that have none. It records as jest's does, so that an `expect` that knows jest's mock functions
 * takes it.
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

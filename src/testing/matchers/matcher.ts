/** The `this` that jest and vitest call a matcher with. */
export interface MatcherContext {
  isNot?: boolean;
  equals(a: unknown, b: unknown): boolean;
  utils: { stringify(value: unknown): string };
}

export interface MatcherResult {
  pass: boolean;
  message(): string;
}

export type HistoryMatcher = (
  this: MatcherContext,
  received: unknown,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  ...args: any[]
) => Promise<MatcherResult>;

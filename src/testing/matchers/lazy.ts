import type { HistoryMatcher } from './matcher';

const NAMES = ['toReplay', 'toReplayWith', 'toHaveActivity', 'toHaveTimer', 'toHavePatch'] as const;

/** The matchers for `expect.extend`. Their modules are loaded on the first call, because most test files use no matcher. */
export const lazyMatchers: Readonly<Record<string, HistoryMatcher>> = Object.fromEntries(
  NAMES.map((name) => [
    name,
    function (this: ThisParameterType<HistoryMatcher>, ...args) {
      const { matchers } = require('./matchers') as typeof import('./matchers');
      return (matchers[name] as HistoryMatcher).apply(this, args);
    } satisfies HistoryMatcher,
  ]),
);

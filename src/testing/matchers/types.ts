/* eslint-disable @typescript-eslint/ban-ts-comment -- a declaration for a package that need not be there */
import type { Duration } from '@temporalio/common';
import type { Verdict } from '../../model/verdict';
import type { ProjectOptions } from '../../options/types';
import type { ActivityExpectation } from './to-have-activity';
import type { ReplayCode } from './to-replay';

/** Matchers for a workflow handle, a history or the path of a history file. They return promises, so await them. */
export interface TemporalMatchers {
  /** Passes if the current workflow code replays the history. */
  toReplay(code?: ReplayCode): Promise<void>;
  /** Passes if the replay has this verdict. */
  toReplayWith(options: { verdict: Verdict } & ProjectOptions): Promise<void>;
  /** Passes if the workflow called this activity, with the expected input and number of calls. */
  toHaveActivity(type: string, expectation?: ActivityExpectation): Promise<void>;
  /** Passes if the workflow started a timer, with this duration if one is given. */
  toHaveTimer(duration?: Duration): Promise<void>;
  /** Passes if the run has recorded this patch. */
  toHavePatch(id: string): Promise<void>;
}

/* Each test runner declares matchers under another name; the declaration for one that is not installed has no effect. */

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type
    interface Matchers<R, T = {}> extends TemporalMatchers {}
  }
}

/** @ts-ignore where @jest/globals is not used */
declare module 'expect' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type
  interface Matchers<R extends void | Promise<void>, T = unknown> extends TemporalMatchers {}
}

/** @ts-ignore where vitest is not used */
declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-explicit-any, @typescript-eslint/no-empty-object-type
  interface Matchers<T = any> extends TemporalMatchers {}
}

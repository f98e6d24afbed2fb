/* eslint-disable @typescript-eslint/ban-ts-comment -- a declaration for a package that need not be there */
import type { Duration } from '@temporalio/common';
import type { Verdict } from '../../model/verdict';
import type { ProjectOptions } from '../../options/types';
import type { ActivityExpectation } from './to-have-activity';
import type { ReplayCode } from './to-replay';

/** Matchers on a workflow handle, a history or the path of a history file. All of them are to be awaited. */
export interface TemporalMatchers {
  /** The current workflow code goes through it as it was recorded. */
  toReplay(code?: ReplayCode): Promise<void>;
  /** A replay ends with this verdict. */
  toReplayWith(options: { verdict: Verdict } & ProjectOptions): Promise<void>;
  /** The workflow called this activity, so many times, with this input. */
  toHaveActivity(type: string, expectation?: ActivityExpectation): Promise<void>;
  /** The workflow started a timer, of this duration where one is given. */
  toHaveTimer(duration?: Duration): Promise<void>;
  /** The run has gone by this patch. */
  toHavePatch(id: string): Promise<void>;
}

/* Each test framework has a name of its own for these; that of one that is not installed has no effect. */

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

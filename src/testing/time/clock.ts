/**
 * The clock of the machine, which fake timers of a test cannot replace. Modules that run in the process of a test take time from
 * here only. `node:timers` has the real functions while jest's and vitest's fake timers are in use, and fake ones while sinon's
 * own are. So this module should be loaded before a test installs any: the setup files of the preset and the plugin do so.
 */
import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

const { setTimeout, clearTimeout, setImmediate } = timers;
const { timeOrigin } = performance;
const sinceStart = performance.now.bind(performance);

/** Returns the time in ms since 1970, with fractions. */
export const nowMs = (): number => timeOrigin + sinceStart();

/**
 * Returns a deadline for `withDeadline`. A connection measures deadlines by the test's own clock, which may be fake, since tests
 * calculate theirs from it.
 */
export const deadlineIn = (ms: number): number => Date.now() + ms;

/** Calls a function after real `ms`. */
export const after = (ms: number, run: () => void): NodeJS.Timeout => setTimeout(run, ms);

/** Calls a function after the current turn of the event loop. */
export const immediately = (run: () => void): void => void setImmediate(run);

export const stopTimer = (timer: NodeJS.Timeout | undefined): void => clearTimeout(timer);

/** Resolves after real `ms`. */
export const pause = (ms: number): Promise<void> => new Promise((done) => void after(ms, done));

/** Resolves after real `ms`, without keeping the process alive. */
export const pauseUnref = (ms: number): Promise<void> => new Promise((done) => void after(ms, done).unref());

/** Returns true if this module was loaded while timers were fake, so that it has no clock. */
export const isClockFake = (): boolean => isFake(setTimeout);

/** Returns true if a function of a clock is one of sinon's fake timers, which jest and vitest use, or of jest's legacy ones. */
export const isFake = (clockFunction: unknown): boolean =>
  typeof clockFunction === 'function' && ('clock' in clockFunction || '_isMockFunction' in clockFunction);

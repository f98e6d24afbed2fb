import type { Duration } from '@temporalio/common';

/** The time of a test's server: skipped by the time-skipping server, and mostly real on the full one. */
export interface TestTime {
  /** True if the server has one clock, which can be skipped. */
  readonly canSkip: boolean;
  /** Lets the server skip time while `wait` is pending; the full server does so for that workflow and its children alone. */
  skippingWhile<T>(wait: () => Promise<T>, workflowId?: string): Promise<T>;
  sleep(duration: Duration): Promise<void>;
  /**
   * Lets time pass while the server holds it, as it does for a running activity or Nexus operation.
   *
   * @param holder key for {@link sleepEnded}
   */
  sleepWithin(duration: Duration, holder?: object): Promise<void>;
  /** Resolves once the sleep that `holder` has begun by {@link sleepWithin}, if any, has ended. */
  sleepEnded(holder: object): Promise<unknown>;
  nowMs(): Promise<number>;
  /**
   * Releases one hold on the server's time. The test server (1.40) keeps a hold for a failed workflow task after its run has
   * ended.
   */
  releaseHold(): Promise<void>;
  /** Releases holds on the server's time until it passes. The caller makes sure that no work is running. */
  releaseAllHolds(): Promise<void>;
  /** Ends the sleeps that are pending, because they would hold the time of the next test. */
  finishSleeps(): Promise<void>;
  /**
   * Aborts the calls that are pending.
   *
   * @returns true if time passes on the server, so that the next test file can use it
   */
  close(): Promise<boolean>;
}

import { ApplicationFailure, type ApplicationFailureOptions } from '@temporalio/common';

/** Creates a failure that is retried by the retry policy. */
export const retryableFailure = (message: string, type?: string, ...details: unknown[]): ApplicationFailure =>
  ApplicationFailure.retryable(message, type, ...details);

/** Creates a failure that is never retried. */
export const nonRetryableFailure = (
  message: string,
  type?: string,
  ...details: unknown[]
): ApplicationFailure => ApplicationFailure.nonRetryable(message, type, ...details);

/** Creates a failure from all options of Temporal: `nextRetryDelay`, `category`, `cause` and so on. */
export const applicationFailure = (options: ApplicationFailureOptions): ApplicationFailure =>
  ApplicationFailure.create(options);

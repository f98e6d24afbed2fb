import { ApplicationFailure, type ApplicationFailureOptions } from '@temporalio/common';

/** A failure that the retry policy applies to. */
export const retryableFailure = (message: string, type?: string, ...details: unknown[]): ApplicationFailure =>
  ApplicationFailure.retryable(message, type, ...details);

/** A failure that is not tried again, whatever the retry policy. */
export const nonRetryableFailure = (
  message: string,
  type?: string,
  ...details: unknown[]
): ApplicationFailure => ApplicationFailure.nonRetryable(message, type, ...details);

/** A failure with all that Temporal knows of one: `nextRetryDelay`, `category`, `cause` and so on. */
export const applicationFailure = (options: ApplicationFailureOptions): ApplicationFailure =>
  ApplicationFailure.create(options);

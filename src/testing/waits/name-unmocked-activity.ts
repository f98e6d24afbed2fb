import { ACTIVITY_NOT_MOCKED } from '../mocks/activity-not-mocked';

/**
 * Appends the failure of an activity that the test has not mocked to the message of the error that it has caused. That failure is two
 * causes deep, and test runners show the first line of the outer error only.
 */
export function nameUnmockedActivity(err: unknown): unknown {
  for (let cause = err; cause instanceof Error; cause = cause.cause)
    if (err instanceof Error && cause !== err && (cause as { type?: unknown }).type === ACTIVITY_NOT_MOCKED)
      err.message += `: ${cause.message}`;
  return err;
}

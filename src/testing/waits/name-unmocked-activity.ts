import { ACTIVITY_NOT_MOCKED } from '../mocks/activity-not-mocked';

/**
 * Appends the failure of an activity that the test has not mocked to the message of the error that it has caused. That failure is two
 * causes deep, and test runners show the first line of the outer error only. Returns true if there is such a failure.
 */
export function nameUnmockedActivity(err: unknown): boolean {
  if (!(err instanceof Error)) return false;
  for (let cause = err.cause; cause instanceof Error; cause = cause.cause) {
    if ((cause as { type?: unknown }).type !== ACTIVITY_NOT_MOCKED) continue;
    err.message += `: ${cause.message}`;
    return true;
  }
  return false;
}

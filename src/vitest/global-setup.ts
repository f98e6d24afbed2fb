import { closeTestRunSession, openTestRunSession } from '../testing/session/test-run-session';

/** Starts the session that test files share, and returns the teardown. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  await openTestRunSession();
  return closeTestRunSession;
}

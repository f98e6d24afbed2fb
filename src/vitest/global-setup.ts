import { closeTestRunSession, openTestRunSession } from '../testing/session/test-run-session';

/** vitest's global setup; what it returns is its teardown. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  await openTestRunSession();
  return closeTestRunSession;
}

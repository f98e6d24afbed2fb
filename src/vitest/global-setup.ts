import { closeSharedSession, openSharedSession } from '../testing/framework/shared-session';

/** vitest's global setup; what it returns is its teardown. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  await openSharedSession();
  return closeSharedSession;
}

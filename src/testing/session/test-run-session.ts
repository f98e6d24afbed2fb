import { SESSION_VARIABLE } from './test-session-protocol';
import { startTestSession, type TestSession } from './test-session-server';

/** Of this process, in which the test runner's global setup and teardown run. */
let shared: TestSession | null = null;

/** Starts what test files share, and tells their processes by the environment. Without effect where it is there already. */
export async function openTestRunSession(): Promise<void> {
  if (process.env[SESSION_VARIABLE] !== undefined) return;
  shared = await startTestSession();
  process.env[SESSION_VARIABLE] = shared.socketPath;
}

/** Stops every process that test files have shared. */
export async function closeTestRunSession(): Promise<void> {
  const open = shared;
  if (open === null) return;
  shared = null;
  delete process.env[SESSION_VARIABLE];
  await open.close();
}

import { SESSION_VARIABLE } from './test-session-protocol';
import { TestSessionServer } from './test-session-server';

/** The session of this process, which is the test runner's main process. */
let session: TestSessionServer | null = null;

/**
 * Starts the session that the test files of a run share, and sets {@link SESSION_VARIABLE} for their processes. Does nothing
 * if the variable is set already.
 */
export async function openTestRunSession(): Promise<void> {
  if (process.env[SESSION_VARIABLE] !== undefined) return;
  session = await TestSessionServer.start();
  process.env[SESSION_VARIABLE] = session.socketPath;
}

/** Stops the session and all its test workers. */
export async function closeTestRunSession(): Promise<void> {
  const open = session;
  if (open === null) return;
  session = null;
  delete process.env[SESSION_VARIABLE];
  await open.close();
}

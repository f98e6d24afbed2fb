import type { Bundle, BundleRequest } from '../worker/protocol';
import type { RpcContract } from '../rpc/rpc-contract';

/** Environment variable with the socket path of the test session, set by the test runner's global setup. */
export const SESSION_VARIABLE = 'TEMPORAL_REPLAY_SESSION';

/**
 * The messages from a test file to the session of its test run. The test worker that `acquire` returns is reserved for the
 * test file until its connection closes.
 */
export interface TestSessionContract extends RpcContract {
  requests: {
    /** Reserves a test worker that no other test file uses, and starts one if there is none. */
    acquire: [Record<string, never>, { socketPath: string }];
    /** Builds the workflow code once per test run. */
    bundle: [BundleRequest, Bundle];
  };
  notifications: Record<string, never>;
  peerRequests: Record<string, never>;
  peerNotifications: Record<string, never>;
}

import type { Contract } from '../rpc/rpc-channel';
import type { Bundle, BundleRequest } from '../worker/protocol';

/** Environment variable with the socket path of the session that the test runner has started. */
export const SESSION_VARIABLE = 'TEMPORAL_REPLAY_SESSION';

/** What a test file asks of the session of its test run. Its connection is its lease: closed, its test worker is free. */
export interface FromTestFile extends Contract {
  asks: {
    /** A test worker that no other test file uses now. */
    acquire: [Record<string, never>, { socketPath: string }];
    /** Built once in a run, whoever asks. */
    bundle: [BundleRequest, Bundle];
  };
  tells: Record<string, never>;
  isAsked: Record<string, never>;
  isTold: Record<string, never>;
}

/** The same connection, seen from the session. */
export interface FromSession extends Contract {
  asks: FromTestFile['isAsked'];
  tells: FromTestFile['isTold'];
  isAsked: FromTestFile['asks'];
  isTold: FromTestFile['tells'];
}

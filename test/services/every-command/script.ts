/** A script that a workflow of this service plays: each step is one thing that a workflow can do. */
export type Step =
  | { do: 'sleep'; ms: number }
  | {
      do: 'activity' | 'localActivity';
      name: ActivityName;
      cancellation: 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED' | 'ABANDON';
      attempts: number;
      timeoutMs: number;
    }
  | {
      do: 'child';
      ends: LeafEnd;
      cancellation: 'ABANDON' | 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED' | 'WAIT_CANCELLATION_REQUESTED';
      timeoutMs: number;
      sameId: boolean;
    }
  | {
      do: 'nexus';
      operation: 'sync' | 'async' | 'slow' | 'fail' | 'hang';
      cancellation: 'WAIT_CANCELLATION_COMPLETED' | 'ABANDON' | 'TRY_CANCEL' | 'WAIT_CANCELLATION_REQUESTED';
      timeoutMs: number;
    }
  | { do: 'signalOther' | 'cancelOther'; workflowId: string }
  | { do: 'patched' | 'deprecatePatch'; id: string }
  | { do: 'upsert' | 'memo'; value: string }
  | { do: 'signals'; count: number; timeoutMs: number }
  | { do: 'all' | 'race' | 'sequence'; steps: Step[] }
  /** Runs the steps in a scope that is cancelled when `after` has ended; at once if it is null. */
  | { do: 'cancelled'; steps: Step[]; after: Step | null }
  | { do: 'protected'; steps: Step[] };

/** `slow` completes, and `slowFail` fails, after a cancellation of which it is not told. */
export type LeafEnd = 'complete' | 'fail' | 'hang' | 'slow' | 'slowFail';

/** `deaf` and `deafFail` do not hear of a cancellation. */
export type ActivityName = 'ok' | 'fail' | 'flaky' | 'slow' | 'hang' | 'deaf' | 'deafFail';

export interface Script {
  steps: Step[];
  ends: 'complete' | 'fail' | 'continueAsNew' | 'hang';
}

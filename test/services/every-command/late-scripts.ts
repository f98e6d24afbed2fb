/** Scripts after which something ends that was cancelled, and which goes on past that end. */
import type { Script, Step } from './script';

const CANCELLATIONS = ['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON'] as const;
const CHILD_CANCELLATIONS = [...CANCELLATIONS, 'WAIT_CANCELLATION_REQUESTED'] as const;

const CANCELLED: readonly Step[] = [
  ...CANCELLATIONS.flatMap((cancellation): Step[] => [
    { do: 'activity', name: 'slow', cancellation, attempts: 1, timeoutMs: 5_000 },
    { do: 'activity', name: 'deaf', cancellation, attempts: 1, timeoutMs: 5_000 },
    { do: 'activity', name: 'deafFail', cancellation, attempts: 1, timeoutMs: 5_000 },
  ]),
  ...CHILD_CANCELLATIONS.flatMap((cancellation): Step[] => [
    { do: 'child', ends: 'slow', cancellation, timeoutMs: 60_000, sameId: false },
    { do: 'child', ends: 'slowFail', cancellation, timeoutMs: 60_000, sameId: false },
    { do: 'child', ends: 'hang', cancellation, timeoutMs: 1_100, sameId: false },
    { do: 'nexus', operation: 'slow', cancellation, timeoutMs: 20_000 },
    { do: 'nexus', operation: 'hang', cancellation, timeoutMs: 1_100 },
  ]),
  { do: 'sleep', ms: 3_000 },
];

const scriptWith = (step: Step): Script => ({
  steps: [
    { do: 'patched', id: 'a' },
    { do: 'cancelled', steps: [step], after: { do: 'sleep', ms: 150 } },
    { do: 'upsert', value: 'x' },
    { do: 'activity', name: 'ok', cancellation: 'TRY_CANCEL', attempts: 1, timeoutMs: 5_000 },
    { do: 'sleep', ms: 2_500 },
    { do: 'deprecatePatch', id: 'b' },
    { do: 'localActivity', name: 'ok', cancellation: 'TRY_CANCEL', attempts: 1, timeoutMs: 5_000 },
    { do: 'signalOther', workflowId: 'nobody' },
    { do: 'upsert', value: 'y' },
    { do: 'cancelOther', workflowId: 'nobody' },
    { do: 'sleep', ms: 20 },
  ],
  ends: 'complete',
});

export const LATE_SCRIPTS: readonly Script[] = CANCELLED.map(scriptWith);

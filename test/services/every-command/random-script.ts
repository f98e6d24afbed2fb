import type { ActivityName, Script, Step } from './script';

type Pick = <T>(list: readonly T[]) => T;

const NAMES: readonly ActivityName[] = ['ok', 'ok', 'ok', 'fail', 'flaky', 'slow', 'hang'];
const CANCELLATIONS = ['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON'] as const;
const CHILD_CANCELLATIONS = [...CANCELLATIONS, 'WAIT_CANCELLATION_REQUESTED'] as const;

export function randomScript(next: () => number): Script {
  const pick: Pick = (list) => list[Math.floor(next() * list.length)]!;
  return {
    steps: stepsOf(2 + Math.floor(next() * 4), 2, pick),
    ends: pick(['complete', 'complete', 'complete', 'fail', 'continueAsNew', 'hang'] as const),
  };
}

const stepsOf = (count: number, depth: number, pick: Pick): Step[] =>
  Array.from({ length: count }, () => stepOf(depth, pick));

function stepOf(depth: number, pick: Pick): Step {
  const simple: (() => Step)[] = [
    () => ({ do: 'sleep', ms: pick([5, 40, 150]) }),
    ...(['activity', 'activity', 'activity', 'localActivity', 'localActivity'] as const).map(
      (kind) => (): Step => {
        const name = pick(NAMES);
        const timeoutMs = name === 'hang' ? pick([150, 400]) : 5_000;
        return { do: kind, name, cancellation: pick(CANCELLATIONS), attempts: pick([1, 2]), timeoutMs };
      },
    ),
    ...[1, 2].map(() => (): Step => {
      const ends = pick(['complete', 'complete', 'fail', 'hang'] as const);
      return {
        do: 'child',
        ends,
        cancellation: pick(CHILD_CANCELLATIONS),
        timeoutMs: ends === 'hang' ? 1_100 : 60_000,
        sameId: pick([true, false, false, false, false]),
      };
    }),
    ...[1, 2].map(() => (): Step => {
      const operation = pick(['sync', 'async', 'fail', 'hang'] as const);
      return {
        do: 'nexus',
        operation,
        cancellation: pick(CHILD_CANCELLATIONS),
        timeoutMs: operation === 'hang' ? 700 : 20_000,
      };
    }),
    () => ({
      do: pick(['signalOther', 'cancelOther'] as const),
      workflowId: pick(['nobody', 'every-0', 'every-1']),
    }),
    () => ({ do: pick(['patched', 'patched', 'deprecatePatch'] as const), id: pick(['a', 'b', 'c']) }),
    () => ({ do: pick(['upsert', 'memo'] as const), value: pick(['x', 'y']) }),
    () => ({ do: 'signals', count: pick([1, 2]), timeoutMs: pick([50, 400]) }),
  ];
  if (depth === 0) return pick(simple)();
  const nested: (() => Step)[] = [
    () => ({
      do: pick(['all', 'all', 'race', 'sequence'] as const),
      steps: stepsOf(pick([2, 3]), depth - 1, pick),
    }),
    () => ({
      do: 'cancelled',
      steps: stepsOf(pick([1, 2]), depth - 1, pick),
      after: pick([null, { do: 'sleep', ms: 60 }, stepOf(0, pick)]),
    }),
    () => ({ do: 'protected', steps: stepsOf(1, depth - 1, pick) }),
  ];
  return pick([...simple, ...nested, ...nested])();
}

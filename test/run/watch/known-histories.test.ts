import { labelOfHistory } from '../../../src/model/history';
import type { DiagnosedResult } from '../../../src/model/report';
import type { Verdict } from '../../../src/model/verdict';
import { KnownHistories } from '../../../src/run/watch/known-histories';

const result = (file: string, verdict: Verdict, workflowType = 'order', index = 0): DiagnosedResult => ({
  file: labelOfHistory({ file, index }),
  history: { file, index },
  verdict,
  workflowType,
  workflowId: null,
  runId: null,
  events: 1,
  verifiedEvents: 1,
  durationMs: 1,
  drift: [],
});

const BOTH = [result('two.json', 'compatible'), result('two.json', 'incompatible', 'refund', 1)];

it('KnownHistories returns the histories of a file by the name of the file', () => {
  const known = new KnownHistories();

  known.remember([...BOTH, result('odd#2', 'compatible')], true);

  expect(known.of('two.json')).toEqual([
    { workflowType: 'order', failed: false },
    { workflowType: 'refund', failed: true },
  ]);
  expect(known.of('odd#2')).toHaveLength(1);
  expect(known.of('one.json')).toBeUndefined();
});

it('KnownHistories returns the results that were fixed or broken since the last round', () => {
  const known = new KnownHistories();

  const first = known.remember([result('one.json', 'drifted'), ...BOTH], true);
  const again = known.remember(
    [result('one.json', 'timeout'), result('two.json', 'compatible', 'refund', 1)],
    false,
  );

  expect(first).toEqual({ fixed: [], broken: ['two.json#2'] });
  expect(again).toEqual({ fixed: ['two.json#2'], broken: ['one.json'] });
});

it('KnownHistories drops histories that a file no longer holds, and files that no longer exist', () => {
  const known = new KnownHistories();
  known.remember([...BOTH, result('one.json', 'compatible')], true);

  known.remember([result('two.json', 'compatible')], true);
  known.keepOnly(new Set(['two.json']));

  expect(known.all()).toEqual([{ workflowType: 'order', failed: false }]);
});

it('KnownHistories returns a file as unfinished if an aborted round has fewer results of it than are known', () => {
  const known = new KnownHistories();
  const chosen = ['one.json', 'two.json'];
  const partial = [result('one.json', 'compatible'), result('two.json', 'compatible')];

  const ofNew = known.unfinished(chosen, partial);
  known.remember([...BOTH, result('one.json', 'compatible')], true);
  const ofKnown = known.unfinished(chosen, partial);

  expect(ofNew).toEqual(chosen);
  expect(ofKnown).toEqual(['two.json']);
});

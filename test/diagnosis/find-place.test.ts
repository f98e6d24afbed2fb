import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf } from '../../src/diagnosis/fingerprint';
import { findPlace } from '../../src/diagnosis/find-place';
import { BundledSources } from '../../src/source/bundled-sources';
import type { ComparisonRow, ReplayTrace, TracedCommand } from '../../src/model/diagnosis';
import type { SourceLocation } from '../../src/model/source';
import { resultError } from '../../src/model/result-error';
import type { HistoryResult } from '../../src/model/verdict';
import { scratchDirectory } from '../helpers/replay-cli';
import { activity, timer, traceOf } from '../helpers/replay-trace';

const row = (recorded: string, isDivergence = false): ComparisonRow => ({
  op: isDivergence ? 'removed' : 'same',
  eventId: 1,
  recorded,
  produced: isDivergence ? null : recorded,
  isDivergence,
});

function sourceOf(file: string, text: string): string {
  const path = join(scratchDirectory(), file);
  writeFileSync(path, text);
  return path;
}

describe('the place of a difference', () => {
  it('is the last command before the difference for a loop that ends sooner', () => {
    const file = sourceOf('flow.ts', 'await debit();\nawait remind();\nawait sleep(1);');
    const at = (line: number): SourceLocation[] => [{ file, line, column: 7, function: null }];
    const commands = [activity('debit', at(1)), activity('remind', at(2))];
    const trace = traceOf({
      kind: 'removed',
      recorded: commands[0]!,
      removed: commands,
      before: commands[1]!,
      instead: timer('1s', at(3)),
      rows: [...commands.map(({ words }) => row(words)), row(commands[0]!.words, true)],
    });

    expect(findPlace(trace, 'repay', new BundledSources([])).location?.line).toBe(2);
  });

  it('is the first character of code on the line if the source map has lines only', () => {
    const file = sourceOf('flow.js', 'async function flow() {\n  await api.notify();\n}');
    const produced = activity('notify', [{ file, line: 2, column: 1, function: null }]);

    expect(findPlace(traceOf({ produced }), 'flow', new BundledSources([])).location).toMatchObject({
      line: 2,
      column: 3,
    });
  });
});

describe('the fingerprint of a cause', () => {
  const fingerprintAt = (trace: ReplayTrace, line: string): string =>
    fingerprintOf({ verdict: 'incompatible', workflowType: 'flow' } as HistoryResult, trace, {
      location: { file: 'flow.ts', line: 1, column: 1, function: line },
      lineText: line,
    });
  const gone = (command: TracedCommand): ReplayTrace =>
    traceOf({ kind: 'removed', recorded: command, removed: [command] });

  it('is the same for a missing patch whatever command came before it', () => {
    const trace = gone({
      ...{ kind: 'patch', name: 'report', words: 'patch `report`' },
      ...{ endsRun: false, at: [] },
    });

    expect(fingerprintAt(trace, 'call')).toBe(fingerprintAt(trace, 'wait'));
  });

  it('is the same for code that does not build whatever the workflow type', () => {
    const of = (workflowType: string, own: string): string => {
      const error = resultError({ code: 'BUNDLE_FAILED', own, details: 'no ./a' });
      return fingerprintOf(
        { verdict: 'failed', workflowType, error } as HistoryResult,
        traceOf({ kind: 'bundle' }),
        { location: null, lineText: null },
      );
    };

    expect(of('flow', 'orders cannot be bundled')).toBe(of('nightly', 'orders cannot be bundled'));
    expect(of('flow', 'orders cannot be bundled')).not.toBe(of('flow', 'billing cannot be bundled'));
  });

  it('differs for an activity that is missing from another function', () => {
    const trace = gone(activity('report'));

    expect(fingerprintAt(trace, 'call')).not.toBe(fingerprintAt(trace, 'wait'));
  });
});

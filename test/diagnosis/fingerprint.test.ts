import { resultError } from '../../src/model/result-error';
import { fingerprintOf } from '../../src/diagnosis/fingerprint';
import type { SourceLocation } from '../../src/model/source';
import type { HistoryResult } from '../../src/model/verdict';
import { traceOf } from '../helpers/replay-trace';

const timedOut = (workflowType: string): HistoryResult => ({
  file: 'h.json',
  workflowId: 'w',
  runId: 'r',
  workflowType,
  verdict: 'timeout',
  events: 3,
  verifiedEvents: 0,
  durationMs: 2000,
  drift: [],
  error: resultError({ code: 'TIMEOUT', own: 'It did not end within 2000 ms.' }),
});
const at = (line: number): SourceLocation => ({ file: 'src/w.ts', line, column: 1, function: 'spin' });
const fingerprint = (workflowType: string, line: number): string =>
  fingerprintOf(timedOut(workflowType), traceOf({ kind: 'endless', stoppedAt: [at(line)] }), {
    location: at(line),
    lineText: `line ${line}`,
  });

describe('the fingerprint of a replay that does not end', () => {
  it('is the same at whatever line of the loop it was stopped', () => {
    expect(fingerprint('pay', 3)).toBe(fingerprint('pay', 4));
  });

  it('differs for another workflow type', () => {
    expect(fingerprint('pay', 3)).not.toBe(fingerprint('ship', 3));
  });
});

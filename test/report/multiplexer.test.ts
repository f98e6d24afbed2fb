import type { DiagnosedReport, DiagnosedResult } from '../../src/model/report';
import { multiplexer } from '../../src/report/multiplexer';
import type { Reporter } from '../../src/report/reporter';

const RESULT = { verdict: 'compatible' } as DiagnosedResult;
const REPORT = { results: [RESULT] } as DiagnosedReport;
const PROGRESS = { done: 1, total: 1 };

/** Writes down what it was asked. */
const recorder = (calls: string[], name: string): Reporter => ({
  onResult: ({ verdict }, { done }) => void calls.push(`${name} result ${verdict} ${done}`),
  onEnd: (report) => void calls.push(`${name} end ${report.results.length}`),
});

describe('multiplexer', () => {
  it('passes every result and the end to each reporter', async () => {
    const calls: string[] = [];
    const both = multiplexer([
      { name: 'a', reporter: recorder(calls, 'a') },
      { name: 'b', reporter: recorder(calls, 'b') },
    ]);

    both.onResult!(RESULT, PROGRESS);
    await both.onEnd!(REPORT);

    expect(calls).toEqual(['a result compatible 1', 'b result compatible 1', 'a end 1', 'b end 1']);
  });

  it('lets the others finish if one throws at the end, and then fails with its name', async () => {
    const calls: string[] = [];
    const throwing: Reporter = { onEnd: () => Promise.reject(new Error('disk full')) };
    const both = multiplexer([
      { name: 'junit', reporter: throwing },
      { name: 'pretty', reporter: recorder(calls, 'pretty') },
    ]);

    const ended = both.onEnd!(REPORT);

    await expect(ended).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: 'The junit reporter failed: disk full',
    });
    expect(calls).toEqual(['pretty end 1']);
  });

  it('does not call a reporter again that threw on a result', async () => {
    const calls: string[] = [];
    const throwing: Reporter = {
      ...recorder(calls, 'html'),
      onResult: () => {
        throw new Error('no');
      },
    };
    const one = multiplexer([{ name: 'html', reporter: throwing }]);

    one.onResult!(RESULT, PROGRESS);
    one.onResult!(RESULT, PROGRESS);

    await expect(one.onEnd!(REPORT)).rejects.toMatchObject({ message: 'The html reporter failed: no' });
    expect(calls).toEqual([]);
  });
});

import type { DiagnosedResult } from '../../../src/model/report';
import { paintFor } from '../../../src/report/text/paint';
import { typesTable } from '../../../src/report/text/types-table';

const result = (workflowType: string | null, more: Partial<DiagnosedResult> = {}): DiagnosedResult => ({
  ...{ file: 'a.json', workflowId: 'a', runId: 'a', workflowType, verdict: 'compatible', events: 1200 },
  ...{ verifiedEvents: 10, durationMs: 1500, isOpen: false, shape: 'one', drift: [], ...more },
});
const shown = (results: DiagnosedResult[], width = 80): string[] =>
  typesTable(results, { width, paint: paintFor(false) });

describe('the table of workflow types', () => {
  it('adds up the histories of each type', () => {
    const lines = shown([
      result('processOrder', { isOpen: true }),
      result('processOrder', { shape: 'two' }),
      result('audit'),
      result('processOrder'),
    ]);

    expect(lines).toEqual([
      'workflow type  histories  open  events  shapes  time',
      'audit                  1     0   1,200       1  1.5s',
      'processOrder           3     1   3,600       2  4.5s',
    ]);
  });

  it('counts no shape of a history that constrains nothing, or that was not replayed', () => {
    const lines = shown([
      result('order', { verifiedEvents: 0 }),
      result('order', { shape: 'two', verdict: 'invalid' }),
      result('order', { shape: 'three' }),
    ]);

    expect(lines[1]).toMatch(/^order +3 +0 +3,600 +1 /);
  });

  it('shows no number of shapes of a report that has none', () => {
    const { shape: _, ...old } = result('order');

    expect(shown([old])[1]).toMatch(/ 1,200 +- /);
  });

  it('cuts long names in the middle to fit', () => {
    const lines = shown([result('aVeryLongNameOfAWorkflowTypeThatEndsWithOrder'), result(null)], 60);

    expect(lines.map((line) => line.length)).toEqual([60, 60, 60]);
    expect(lines[1]).toMatch(/^aVery\w+…\w*rder /);
    expect(lines[2]).toMatch(/^type unknown /);
  });
});

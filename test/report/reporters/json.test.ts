import type { DiagnosedReport } from '../../../src/model/report';
import { json } from '../../../src/report/reporters/json';
import { SAMPLE } from '../../helpers/sample-report';
import { shownBy } from '../../helpers/shown-by';

describe('the json reporter', () => {
  it('writes summary, results and groups, with diagnoses in the groups only', async () => {
    const [first] = SAMPLE.results;
    const known = { accepted: { reason: 'ticket 7', expires: null }, existedBefore: true };
    const report: DiagnosedReport = {
      ...SAMPLE,
      results: [{ ...first!, ...known, timeline: [] }],
      baseline: { file: 'baseline.json', expired: [], stale: [] },
      changedSince: { ref: 'main', commit: 'c0ffee', problem: null },
    };

    const written = JSON.parse(await shownBy(json, report)) as object;

    expect(Object.keys(written).sort()).toEqual(
      ['schemaVersion', 'status', 'summary', 'results', 'groups', 'baseline', 'changedSince'].sort(),
    );
    expect(written).toMatchObject({ schemaVersion: 1, summary: SAMPLE.summary });
    expect((written as DiagnosedReport).results).toEqual([{ ...first, ...known }]);
  });

  it('counts the verdicts in the order of the report that tools read', async () => {
    const { summary } = JSON.parse(await shownBy(json, SAMPLE)) as DiagnosedReport;

    expect(Object.keys(summary).slice(0, 7)).toEqual([
      'histories',
      'compatible',
      'incompatible',
      'failed',
      'drifted',
      'timeout',
      'invalid',
    ]);
  });
});

import type { DiagnosedReport } from '../../src/model/report';
import { REPORTERS } from '../../src/report/reporters';
import { SAMPLE } from '../helpers/sample-report';
import { shownBy } from '../helpers/shown-by';

/** A value over which every reporter throws that writes it. */
const BROKEN = {
  toJSON(): never {
    throw new RangeError('too deep');
  },
};

const drift = [{ eventId: 5, path: 'input.card', recorded: BROKEN, produced: BROKEN }];

/** The sample, with one drifted history and its cause that cannot be shown. */
const REPORT: DiagnosedReport = {
  ...SAMPLE,
  results: SAMPLE.results.map((result) => (result.verdict === 'drifted' ? { ...result, drift } : result)),
  groups: SAMPLE.groups.map((group) => (group.verdict === 'drifted' ? { ...group, drift } : group)),
};

it.each(Object.keys(REPORTERS))(
  '%s shows all causes but one that cannot be shown, and names that one',
  async (name) => {
    const text = await shownBy(REPORTERS[name]!.open, REPORT, { isStrict: true });

    expect(text).toContain('reserveStock');
    expect(text).toMatch(/This cannot be shown, by an error of\s+temporal-replay itself\s+\(RangeError/);
    expect(text).toContain('not JSON');
  },
);

/** The answer of `replay can-deploy` in each reporter. */
import type { DeployAnswer, DeployReport } from '../../src/model/deploy';
import type { DiagnosedReport } from '../../src/model/report';
import { REPORTERS } from '../../src/report/reporters';
import { SAMPLE } from '../helpers/sample-report';
import { shownBy } from '../helpers/shown-by';

const counts = {
  ...{ open: 1000, elsewhere: 10, ended: 1, staying: 200, moving: 789, safe: 500, represented: 0 },
  ...{ stuck: 0, failing: 0, stuckBefore: 0, unjudged: 0, notLookedAt: 289 },
  ...{ paused: 4, upgrading: 20, triedAsNew: 3, stuckAsNew: 0 },
};

const deployOf = (answer: DeployAnswer): DeployReport => ({
  answer,
  reasons: answer === 'yes' ? [] : ['289 open runs were not looked at.'],
  ...{ versions: ['orders.v2'], query: null, counts },
  rows: [
    {
      ...{ workflowType: 'order|\u001b[31m', behavior: 'pinned', version: 'orders.v1', isOverridden: true },
      ...{ ...counts, shapes: 3, atMost: 7 },
    },
  ],
  ramps: [{ deployment: 'orders', current: null, ramping: 'orders.v1', percentage: 12.5 }],
  chosen: { perShape: null, seed: 42 },
});

const reportWith = (answer: DeployAnswer): DiagnosedReport => ({
  ...SAMPLE,
  ...{ results: [], groups: [], notes: [], deploy: deployOf(answer) },
});
const shown = (name: string, answer: DeployAnswer): Promise<string> =>
  shownBy(REPORTERS[name]!.open, reportWith(answer));

describe('the answer whether code can be deployed', () => {
  it.each(['pretty', 'markdown', 'html', 'junit', 'sarif', 'github'])(
    'is in the output of %s, with its reason, if it is not proven',
    async (name) => {
      const text = await shown(name, 'not proven');

      expect(text).toContain('Can it be deployed? Not proven. 289 open runs were not looked at.');
    },
  );

  it.each(['junit', 'sarif', 'github'])('fails nothing in the output of %s if it is yes', async (name) => {
    expect(await shown(name, 'yes')).not.toMatch(/Can it be deployed|::error|<error/);
  });

  it.each(['pretty', 'markdown', 'html'])('comes with the numbers of open runs in %s', async (name) => {
    const text = await shown(name, 'yes');

    expect(text).toContain('Can it be deployed? Yes.');
    expect(text).toMatch(/Of 1,000 open runs, 789 would get orders.v2, 200 stay on the version/);
    expect(text).toMatch(/at most 7 break, with a probability of 95 %/);
  });

  it.each(['pretty', 'markdown', 'html'])('names paused runs, next runs and ramps in %s', async (name) => {
    const text = (await shown(name, 'yes')).replace(/\s+/g, ' ');

    expect(text).toContain('4 of the runs that would get it are paused.');
    expect(text).toContain('20 may start their next run with the code, after continue-as-new. 3 were tried');
    expect(text).toContain('orders.v1 gets 12.5 % of the runs that are not pinned');
  });

  it.each(['pretty', 'markdown'])('comes with a row for each type and version in %s', async (name) => {
    const text = await shown(name, 'yes');

    expect(text).toMatch(
      /orders\.v1[ |]+pinned \(override\)[ |]+789[ |]+200[ |]+500[ |]+0[ |]+289[ |]+3[ |]+0/,
    );
    expect(text).not.toContain('\u001b');
  });
});

import { pretty } from '../../../src/report/reporters/pretty';
import { SAMPLE, UNPRINTABLE } from '../../helpers/sample-report';
import { shownBy } from '../../helpers/shown-by';

describe('the pretty reporter', () => {
  it('shows a block for each cause, the gravest first, and then the totals', async () => {
    const text = await shownBy(pretty, SAMPLE);

    const marks = [...text.matchAll(/^[✗~] (\w+)/gm)].map(([, verdict]) => verdict);
    expect(marks).toEqual(['incompatible', 'failed', 'timeout', 'invalid', 'drifted']);
    expect(text).toMatch(
      /505 histories: 1 compatible, 500 incompatible, 1 failed, 1 timeout, 1 invalid, 1 drifted \(10,080 events in 1\.5 s\)\nNo history covers refundOrder\.\n$/,
    );
  });

  it('shows place, callers, source, comparison, impact and remedy of a cause', async () => {
    const [block] = (await shownBy(pretty, SAMPLE)).split('\n\n✗ failed');

    expect(block).toContain('✗ incompatible × 500  `reserveStock` activity now stands where `timer 30s`');
    expect(block).toContain('… and 497 more of processOrder');
    expect(block).toContain('where     src/workflows.ts:12:9 (processOrder)');
    expect(block).toContain('called from src/helpers, shared.ts:3:1');
    expect(block).toContain('> 12 |   await reserveStock(`a`);');
    expect(block).toMatch(/❯ +11 .*timer 30s/);
    expect(block).toContain('means     Open runs would be stuck.');
    expect(block).toContain('remedy    Guard the change with `patched()`');
  });

  it('marks drift as a warning, and lists the values', async () => {
    const text = await shownBy(pretty, SAMPLE);

    expect(text).toMatch(/~ drifted {2}Other content/);
    expect(text).toContain('event 9: startToFireTimeout: 30s → 1m');
  });

  it('notes how many results of a cause the baseline accepts', async () => {
    const text = await shownBy(pretty, SAMPLE);

    expect(text).toMatch(/✗ timeout {2}The replay does not end \(1 accepted\)/);
  });

  it('names the command that explains an error', async () => {
    const text = await shownBy(pretty, SAMPLE);

    expect(text).toMatch(/error +Not JSON\. \[NOT_JSON\]\n +More: replay explain NOT_JSON\n/);
  });

  it.each([
    ['all', 505, 'All results are'],
    ['some', 12, '12 of the results are'],
    ['one', 1, '1 of the results is'],
  ])('says that %s results are those of an earlier run', async (_, count, text) => {
    const results = SAMPLE.results.map((result, i) =>
      i < count ? { ...result, cached: true as const } : result,
    );

    expect(await shownBy(pretty, { ...SAMPLE, results })).toContain(
      `${text} from an earlier run: nothing has changed since.`,
    );
  });

  it('passes on no control character of a history', async () => {
    expect(await shownBy(pretty, SAMPLE)).not.toMatch(UNPRINTABLE);
  });
});

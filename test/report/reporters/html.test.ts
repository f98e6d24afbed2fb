import { createHash } from 'node:crypto';
import js from '@eslint/js';
import { Linter } from 'eslint';
import type { DiagnosedReport } from '../../../src/model/report';
import { REPORTERS } from '../../../src/report/reporters';
import { CLIENT_SCRIPT } from '../../../src/report/html/client-script';
import { visible, visibleLines } from '../../../src/report/html/markup';
import type { PageData } from '../../../src/report/html/page-data';
import { sampleHtmlReport } from '../../helpers/sample-html-report';
import { shownBy } from '../../helpers/shown-by';

const MB = 1024 * 1024;
const HOSTILE = `</script><script>alert(1)</script><!--"'><img src=x onerror=alert(1)>\u202e\u0007\u2028`;

async function pageOf(report: DiagnosedReport): Promise<string> {
  return await shownBy(REPORTERS.html!.open, report);
}

const dataOf = (page: string): PageData =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)![1]!) as PageData;
const inlineOf = (page: string, element: 'script' | 'style'): string =>
  new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(page)![1]!;
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Returns the text of a page, with its entities. */
const textOf = (page: string): string => page.replace(/<[^>]*>/g, '');

describe('the html report', () => {
  it('shows totals, causes, code and remedies without its script', async () => {
    const page = await pageOf(sampleHtmlReport());
    const still = page.slice(0, page.indexOf('<script'));

    expect(still).toContain('3 incompatible, 3 failed, 3 drifted of 10 histories');
    expect(still.match(/<article\s/g)).toHaveLength(3);
    expect(still).toMatch(/No history covers\s+<bdi class="mono">archiveOrders<\/bdi>/);
    expect(textOf(still)).toContain('  await chargeCard(order);');
    expect(still).toMatch(/class="ln here" data-n="&#62; 42"/);
    expect(still).toContain('src/workflows/processOrder.ts:42:9');
    expect(still).toContain('src/workflows/steps.ts:7:3');
    expect(textOf(still)).toMatch(/if \(patched\(&#39;charge-first&#39;\)\) \{\n {2}await chargeCard/);
    expect(still).toContain('input.amount');
  });

  it('says that every history is compatible if so', async () => {
    const page = await pageOf(sampleHtmlReport({ failing: 0 }));
    expect(page).toContain('1 history is compatible');
    expect(page).toContain('Every history is compatible with the code.');
  });

  it('holds details only of histories that are not compatible', async () => {
    const { results, causes, names } = dataOf(await pageOf(sampleHtmlReport()));
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(results.map(({ cause }) => cause)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(causes).toHaveLength(3);
    expect(names).toEqual([
      '30d',
      'reserveStock',
      'addItem',
      'gift-wrap',
      'chargeCard',
      'shipOrder',
      'setAddress',
    ]);
    expect(results[1]).toMatchObject({ workflowId: 'order-1', error: { code: 'WORKFLOW_TASK_FAILED' } });
  });

  it('links each example to its own result, whatever their order', async () => {
    const report = sampleHtmlReport();
    report.groups[0]!.examples.reverse();
    const page = await pageOf(report);
    const links = [...page.matchAll(/data-result="(\d+)"\s*><bdi class="mono">(order-\d+)/g)];
    expect(links.slice(0, 3).map(([, index, id]) => `${index} ${id}`)).toEqual([
      '6 order-6',
      '3 order-3',
      '0 order-0',
    ]);
  });

  it('accepts a report without diagnoses and timelines', async () => {
    const report = sampleHtmlReport();
    report.results.forEach((result) => {
      delete result.diagnosis;
      delete result.timeline;
    });
    const { results } = dataOf(await pageOf({ ...report, groups: [] }));
    expect(results[0]).toMatchObject({
      cause: null,
      timeline: null,
      recorded: 'ActivityTaskScheduled reserveStock',
    });
  });

  it('is the same for the same report', async () => {
    expect(await pageOf(sampleHtmlReport())).toBe(await pageOf(sampleHtmlReport()));
  });
});

describe('hostile text in an html report', () => {
  it('cannot end an element, an attribute or the data', async () => {
    const page = await pageOf(sampleHtmlReport({ mark: HOSTILE }));
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toMatch(/<img|<!--/);
    for (const unseen of ['\u202e', '\u0007', '\u2028']) expect(page.includes(unseen)).toBe(false);
    expect(dataOf(page).results[0]!.workflowId).toBe(`order-0${visible(HOSTILE)}`);
  });

  it('is shown with placeholders for invisible characters', () => {
    expect(visible('a\u0000b\u001bc\u007fd\u0085')).toBe('a\u2400b\u241bc\u2421d[U+0085]');
    expect(visible('\u202egnp.exe\u2066 \u200f \ud800 \u{e0041}')).toBe(
      '[U+202E]gnp.exe[U+2066] [U+200F] [U+D800] [U+E0041]',
    );
    expect(visible('Größe 注文 طلب 👩\u200d🍳')).toBe('Größe 注文 طلب 👩\u200d🍳');
    expect(visible('a\nb')).toBe('a\u240ab');
    expect(visibleLines('a\r\n\tb\u0007')).toBe('a\n\tb\u2407');
  });
});

describe('the policy of an html report', () => {
  it('allows its own script and style by their hashes, and nothing else', async () => {
    const page = await pageOf(sampleHtmlReport({ mark: HOSTILE }));
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/
      .exec(page)![1]!
      .replaceAll('&#39;', "'");
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hashOf(inlineOf(page, 'script'))}`,
      `style-src ${hashOf(inlineOf(page, 'style'))}`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });

  it('holds for the page: no style attribute, no event handler, no external address', async () => {
    const page = await pageOf(sampleHtmlReport());
    expect(page).not.toMatch(/<[^>]*\s(style|on\w+|src)=/);
    const addresses = [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href!);
    expect(addresses.filter((href) => !/^#|^vscode:\/\/file\//.test(href))).toEqual([]);
  });
});

describe('the script of an html report', () => {
  it('passes the linter with the globals of a browser', () => {
    const globals = Object.fromEntries(
      ['document', 'window', 'location', 'navigator', 'setTimeout'].map((name) => [
        name,
        'readonly' as const,
      ]),
    );
    const messages = new Linter().verify(CLIENT_SCRIPT, {
      languageOptions: { sourceType: 'script', globals },
      rules: { ...js.configs.recommended.rules, 'no-implied-eval': 'error', 'no-eval': 'error' },
    });
    expect(messages.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  });

  it('never parses text as HTML', () => {
    expect(CLIENT_SCRIPT).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(/,
    );
  });
});

describe('the size of an html report', () => {
  it('stays under 10 MB at 1,000 failing histories of 500 entries each', async () => {
    const timeline = sampleHtmlReport({ failing: 1, entries: 500 }).results[0]!.timeline!;
    const report = sampleHtmlReport({ failing: 1_000, entries: 0 });
    const value = { long: 'x'.repeat(20_000) };
    for (const result of report.results) {
      result.timeline = timeline;
      if (result.drift.length > 0)
        result.drift = Array.from({ length: 50 }, (_, i) => ({
          eventId: i + 1,
          path: 'input',
          recorded: value,
          produced: value,
        }));
    }
    const page = await pageOf(report);
    const { results } = dataOf(page);

    expect(Buffer.byteLength(page)).toBeLessThan(10 * MB);
    const { timeline: kept, eventId } = results[0]!;
    expect(kept!.leftOut).toBe(500 - kept!.entries.length);
    expect(kept!.entries.flatMap(([, , ids]) => ids)).toContain(eventId);
    expect(results[2]!.driftLeftOut).toBe(50 - results[2]!.drift.length);
    expect(results[2]!.drift.length).toBeGreaterThan(0);
  });
});

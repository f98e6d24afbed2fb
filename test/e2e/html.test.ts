import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { DiagnosedReport } from '../../src/model/report';
import { REPORTERS } from '../../src/report/reporters';
import { describeInChromium, launchChromium } from '../helpers/chromium';
import { sampleHtmlReport } from '../helpers/sample-html-report';
import { shownBy } from '../helpers/shown-by';
import { soon } from '../helpers/soon';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const HOSTILE = `</script><script>globalThis.ran=1</script>"'><img src=https://example.invalid/x onerror="globalThis.ran=1"><svg onload="globalThis.ran=1">\u202e`;
const SHOWN = HOSTILE.replace('\u202e', '[U+202E]');

interface Opened {
  page: Page;
  /** Errors of the script, violations of the content security policy, and requests other than the file's own. */
  troubles: string[];
}

describeInChromium('the html report', (executablePath) => {
  let browser: Browser;
  let directory: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'html-report-'));
    browser = await launchChromium(executablePath);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

  async function open(report: DiagnosedReport, options: BrowserContextOptions = {}): Promise<Opened> {
    const file = join(directory, 'report.html');
    writeFileSync(file, await shownBy(REPORTERS.html!.open, report));
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const troubles: string[] = [];
    const address = pathToFileURL(file).href;
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => troubles.push(message.text()));
    page.on('dialog', (dialog) => troubles.push(dialog.message()));
    page.on('request', (request) => request.url() !== address && troubles.push(request.url()));
    await page.goto(address);
    return { page, troubles };
  }

  const becomes = <T>(read: () => Promise<T>, expected: NoInfer<T>): Promise<void> =>
    soon(async () => expect(await read()).toBe(expected));

  const contains = (read: () => Promise<string | null>, expected: string): Promise<void> =>
    soon(async () => expect(await read()).toContain(expected));

  const shownRows = (page: Page) => page.locator('#list li:not([hidden])');
  const shownCards = (page: Page) => page.locator('.card:not([hidden])');
  const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent');

  it('shows markup and scripts of a history as text, without running them', async () => {
    const { page, troubles } = await open(sampleHtmlReport({ mark: HOSTILE }));
    for (const index of [0, 1, 2]) {
      await page.locator('#list a').nth(index).click();
      await becomes(() => page.locator('#detail h3').textContent(), `order-${index}${SHOWN}`);
      await page.locator('#detail details summary').click();
    }
    await contains(() => page.locator('#detail table.drift').textContent(), `input.amount${SHOWN}`);
    await contains(() => page.locator('.card h3').first().textContent(), SHOWN);
    expect(
      await page.evaluate('[typeof globalThis.ran, document.images.length, document.scripts.length]'),
    ).toEqual(['undefined', 0, 2]);
    expect(troubles).toEqual([]);
  });

  it('draws the history in lanes, with the event that differs', async () => {
    const { page, troubles } = await open(sampleHtmlReport());
    const picture = page.getByRole('img', { name: 'Timeline of the history' });
    expect(await picture.locator('.split-text').textContent()).toBe('event 11 differs');
    const names = await page.locator('#detail .names text').allTextContents();
    expect(names.slice(2)).toEqual([
      'Workflow',
      'Workflow tasks',
      'Activities',
      'Timers',
      'Children',
      'Signals, updates',
      'Others',
    ]);
    // Both a month and five milliseconds are visible.
    const widthOf = (label: string): Promise<string | null> =>
      picture.locator('g', { hasText: label }).first().locator('.bar').getAttribute('width');
    expect(Number(await widthOf('timer 30d'))).toBeLessThan(200);
    expect(Number(await widthOf('activity reserveStock'))).toBeGreaterThan(20);
    await page.getByText('The history as a table').click();
    await becomes(() => page.locator('.entries tbody tr').count(), 14);
    expect(troubles).toEqual([]);
  });

  it('keeps the labels of bars off the line of the difference', async () => {
    const report = sampleHtmlReport({ mark: '-with-a-long-name', entries: 40 });
    const { page } = await open(report);
    for (const index of [0, 1, 2]) {
      await page.locator('#list a').nth(index).click();
      await contains(() => page.locator('#detail h3').textContent(), `order-${index}`);

      const crossing = await page.evaluate<string[]>(`(() => {
        const line = document.querySelector('.picture .split')?.getBoundingClientRect();
        if (!line) return [];
        return [...document.querySelectorAll('.picture .scroll text')]
          .filter((text) => text.getAttribute('class') !== 'axis' && !text.classList.contains('split-text'))
          .filter((text) => { const box = text.getBoundingClientRect(); return box.left < line.left && box.right > line.right; })
          .map((text) => text.textContent);
      })()`);

      expect(crossing).toEqual([]);
    }
  });

  it('leads from the id of an event to the event, also by a link', async () => {
    const { page } = await open(sampleHtmlReport());
    await page.locator('#c0 .lanes').getByRole('link', { name: '11', exact: true }).click();
    await contains(() => page.locator('.entries .target').textContent(), '10, 11, 12');
    expect(await page.evaluate('location.hash')).toBe('#r0-e11');
    await becomes(() => page.locator('.picture g.target').count(), 1);

    await page.evaluate(`location.hash = '#r3-e5'`);
    await becomes(() => page.locator('#detail h3').textContent(), 'order-3');
    await contains(() => page.locator('.entries .target').textContent(), '30d');
  });

  it('copies code without the numbers of its lines', async () => {
    const { page } = await open(sampleHtmlReport(), { permissions: ['clipboard-read', 'clipboard-write'] });
    const button = page.locator('#c0').getByRole('button', { name: 'Copy the code' });
    await button.click();
    await becomes(() => button.textContent(), 'Copied');
    await contains(
      () => page.evaluate('navigator.clipboard.readText()'),
      '} else {\n  await reserveStock(order);\n}',
    );
  });

  it('filters by a workflow type of the table', async () => {
    const { page } = await open(sampleHtmlReport());
    await page.locator('.types').getByRole('button', { name: 'subscription' }).click();
    await becomes(() => page.getByRole('status').textContent(), '3 of 9 histories, 1 of 3 causes');
  });

  it('filters by verdict, type and text', async () => {
    const { page } = await open(sampleHtmlReport());
    const count = page.getByRole('status');
    await becomes(() => count.textContent(), '9 of 9 histories, 3 of 3 causes');

    await page.getByRole('checkbox', { name: 'failed' }).uncheck();
    await becomes(() => count.textContent(), '6 of 9 histories, 2 of 3 causes');
    await page.getByLabel('Workflow type').selectOption('processOrder');
    await becomes(() => shownRows(page).count(), 3);
    await becomes(() => shownCards(page).count(), 1);
    await page.getByRole('searchbox').fill('ORDER-3');
    await becomes(() => shownRows(page).count(), 1);
    await contains(() => shownRows(page).textContent(), 'order-3');
  });

  it('links a cause with its histories, and these with the cause', async () => {
    const { page } = await open(sampleHtmlReport());
    await page.locator('#c1').getByRole('link', { name: 'order-4' }).click();
    await becomes(() => page.locator('#detail h3').textContent(), 'order-4');
    await page
      .locator('#detail')
      .getByRole('link', { name: /The workflow threw/ })
      .click();
    await contains(() => focused(page), 'The workflow threw TypeError');
    await page.locator('#c1').getByRole('button', { name: 'Show its 3 histories' }).click();
    await becomes(() => shownRows(page).count(), 3);
    expect(await shownRows(page).allTextContents()).toEqual(
      [1, 4, 7].map((i) => expect.stringContaining(`order-${i}`)),
    );
    await page.getByRole('button', { name: /only: The workflow threw/ }).click();
    await becomes(() => shownRows(page).count(), 9);
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await open(sampleHtmlReport());
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    await contains(() => focused(page), 'order-2');
    await becomes(() => page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'solid');
    await page.keyboard.press('Enter');
    await becomes(() => page.locator('#detail h3').textContent(), 'order-2');
    await becomes(() => focused(page), 'order-2');
    await page.keyboard.press('Escape');
    await contains(() => focused(page), 'drifted');

    await page.keyboard.press('/');
    await page.keyboard.type('jk/');
    await becomes(() => page.getByRole('searchbox').inputValue(), 'jk/');
    await becomes(() => shownRows(page).count(), 0);
    await page.keyboard.press('Escape');
    await becomes(() => shownRows(page).count(), 9);
    await becomes(() => page.getByRole('searchbox').inputValue(), '');
  });

  it.each(['light', 'dark'] as const)(
    'has no serious violation of accessibility rules in the %s theme',
    async (colorScheme) => {
      const { page } = await open(sampleHtmlReport(), { colorScheme });
      await page
        .locator('.card details:not([open]) summary')
        .evaluateAll((all) => all.forEach((one) => (one as { click(): void } & object).click()));
      await page.evaluate(AXE);
      const found: string[] = [];
      for (const index of [0, 1, 2]) {
        await page.locator('#list a').nth(index).click();
        await becomes(() => page.locator('#detail h3').textContent(), `order-${index}`);
        await page.locator('#detail details summary').click();
        found.push(
          ...(await page.evaluate<string[]>(
            `axe.run(${index === 0 ? 'document' : '"#detail"'}, { resultTypes: ['violations'] }).then(({ violations }) => violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target + ' ' + failureSummary)))`,
          )),
        );
      }
      expect(found).toEqual([]);
    },
  );

  it('follows the theme of the system until the user chooses one', async () => {
    const { page } = await open(sampleHtmlReport(), { colorScheme: 'dark' });
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await ground();
    const button = page.getByRole('button', { name: /^Theme/ });
    await button.click();
    const light = await ground();
    expect([dark, light]).toEqual(['rgb(20, 23, 26)', 'rgb(246, 247, 248)']);
    await page.emulateMedia({ colorScheme: 'light' });
    await button.click();
    await becomes(() => button.textContent(), 'Theme: dark');
    await becomes(() => ground(), dark);
  });

  it('fits a narrow screen', async () => {
    const { page } = await open(sampleHtmlReport({ mark: '-with-a-long-name'.repeat(6) }), {
      viewport: { width: 360, height: 700 },
    });
    await becomes(() => page.evaluate('document.documentElement.scrollWidth'), 360);
  });

  it('can be read without JavaScript', async () => {
    const { page } = await open(sampleHtmlReport(), { javaScriptEnabled: false });
    await becomes(
      () => page.locator('.lead').textContent(),
      '3 incompatible, 3 failed, 3 drifted of 10 histories',
    );
    await becomes(() => page.locator('.card .frame').first().isVisible(), true);
    await becomes(() => page.getByText('need JavaScript').isVisible(), true);
    await becomes(() => page.locator('#toolbar').isVisible(), false);
  });

  it('filters and opens one of 1,000 failing histories', async () => {
    const { page, troubles } = await open(sampleHtmlReport({ failing: 1_000, entries: 60 }));
    await becomes(() => page.getByRole('status').textContent(), '1,000 of 1,000 histories, 3 of 3 causes');
    await page.getByRole('searchbox').fill('order-999');
    await becomes(() => shownRows(page).count(), 1);
    await page.locator('#list li:not([hidden]) a').click();
    await becomes(() => page.locator('#detail h3').textContent(), 'order-999');
    expect(troubles).toEqual([]);
  });
});

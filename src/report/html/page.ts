import { createHash } from 'node:crypto';
import type { DiagnosedReport } from '../../model/report';
import type { ReporterContext } from '../reporter';
import { cards } from './card';
import { CLIENT_SCRIPT } from './client-script';
import { header, title } from './header';
import { pageLinks } from './links';
import { html, type Markup, scriptJson, trusted } from './markup';
import { pageData } from './page-data';
import { STYLE } from './style';
import { number } from './words';

/** Returns the report as one self-contained HTML document. */
export function page(report: DiagnosedReport, context: ReporterContext): string {
  const { groups } = report;
  const links = pageLinks(report, context);
  const data = pageData(report, links);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title(report)}</title>
        ${trusted(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the results</a>
        ${header(report, { hasDetails: groups.length + data.results.length > 0 })}
        <div id="toolbar" role="search" aria-label="Filters" hidden></div>
        <main id="main">
          <section id="causes" aria-labelledby="causes-title">
            <h2 id="causes-title">Causes <span class="count">${number(groups.length)}</span></h2>
            ${groups.length === 0 ? html`<p class="empty">${noCauses(report, data.results.length)}</p>` : null}
            ${cards(report, links)}
          </section>
          ${data.results.length === 0 ? null : histories(data.results.length)}
        </main>
        ${trusted(`<script type="application/json" id="data">${scriptJson(data)}</script>`)}
        ${trusted(`<script>${CLIENT_SCRIPT}</script>`)}
      </body>
    </html> `.text;
}

/** The section that the page's script fills. */
const histories = (count: number): Markup =>
  html`<section id="histories" aria-labelledby="histories-title">
    <h2 id="histories-title">Histories <span class="count">${number(count)}</span></h2>
    <div id="browser">
      <p class="empty">
        The details of each history need JavaScript. The totals and causes above are complete without it.
      </p>
    </div>
  </section>`;

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const POLICY = [
  "default-src 'none'",
  `script-src ${sha256(CLIENT_SCRIPT)}`,
  `style-src ${sha256(STYLE)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

function noCauses({ status }: DiagnosedReport, detailed: number): string {
  if (detailed > 0) return 'No cause was worked out.';
  return status === 'complete'
    ? 'Every history is compatible with the code.'
    : 'Every history that was replayed is compatible with the code.';
}

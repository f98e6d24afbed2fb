import { createHash } from 'node:crypto';
import type { ComparisonRow, FailureGroup, Remedy } from '../../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../../model/report';
import type { SourceLocation } from '../../model/source';
import { canFailRun, type Drift, VERDICTS_BY_RANK } from '../../model/verdict';
import { hasDifference } from '../text/comparison-rows';
import { guarded } from '../text/guarded';
import { SHOWN_DRIFTS } from '../text/drift-text';
import { issuedText, variantLines } from '../text/group-text';
import { positionText } from '../text/place-text';
import { cut } from '../../util/printable';
import { statusText } from '../text/status-text';
import { trialText } from '../text/trial-text';
import { CLIENT_SCRIPT } from './client-script';
import { html, type Markup, scriptJson, trusted, visible, visibleLines } from './markup';
import { pageData, shownValue } from './page-data';
import { STYLE } from './style';

const OPEN_CARDS = 3;
const MAX_VALUE = 400;
const MAX_LINE = 1_000;
const MAX_FRAME = 6_000;

/** Returns the report as one self-contained HTML document. */
export function page(report: DiagnosedReport): string {
  const { summary, groups, notes = [] } = report;
  const status = statusText(report);
  const data = pageData(report);
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
        <header>
          <div class="top">
            <h1>Replay report</h1>
            <nav aria-label="Sections"><a href="#causes">Causes</a><a href="#histories">Histories</a></nav>
            <span id="theme"></span>
          </div>
          <p class="lead">${title(report)}</p>
          ${status === null ? null : html`<p class="note">${status}</p>`} ${totals(report)}
          ${uncovered(summary.uncoveredTypes)}
          ${notes.map(({ message }) => html`<p class="note">${line(message)}</p>`)}
        </header>
        <div id="toolbar" role="search" aria-label="Filters" hidden></div>
        <main id="main">
          <section id="causes" aria-labelledby="causes-title">
            <h2 id="causes-title">Causes <span class="count">${groups.length}</span></h2>
            ${groups.length === 0 ? html`<p class="empty">${noCauses(report, data.results.length)}</p>` : null}
            ${groups.map((group, index) => anyCard(group, index, report.results))}
          </section>
          <section id="histories" aria-labelledby="histories-title">
            <h2 id="histories-title">Histories <span class="count">${data.results.length}</span></h2>
            <div id="browser">
              <p class="empty">
                ${data.results.length === 0 ? 'There are no details to show.' : 'The details of each history need JavaScript. The totals and causes above are complete without it.'}
              </p>
            </div>
          </section>
        </main>
        ${trusted(`<script type="application/json" id="data">${scriptJson(data)}</script>`)}
        ${trusted(`<script>${CLIENT_SCRIPT}</script>`)}
      </body>
    </html> `.text;
}

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

const number = (value: number): string => value.toLocaleString('en');
const plural = (count: number, one: string, many: string): string =>
  `${number(count)} ${count === 1 ? one : many}`;

function noCauses({ status }: DiagnosedReport, detailed: number): string {
  if (detailed > 0) return 'No cause was worked out.';
  return status === 'complete'
    ? 'Every history is compatible with the code.'
    : 'Every history that was replayed is compatible with the code.';
}

const STATUS_WORDS = { interrupted: 'Interrupted', incomplete: 'Incomplete' } as const;

const title = (report: DiagnosedReport): string =>
  report.status === 'complete' ? outcome(report) : `${STATUS_WORDS[report.status]}: ${outcome(report)}`;

function outcome({ summary }: DiagnosedReport): string {
  const { histories, compatible } = summary;
  if (histories === 0) return 'No history was replayed';
  if (compatible === histories) return `${plural(histories, 'history is', 'histories are')} compatible`;
  const others = VERDICTS_BY_RANK.filter((verdict) => canFailRun(verdict) && summary[verdict] > 0);
  const counts = others.map((verdict) => `${number(summary[verdict])} ${verdict}`).join(', ');
  return `${counts} of ${plural(histories, 'history', 'histories')}`;
}

function totals({ summary }: DiagnosedReport): Markup {
  const seconds = (summary.durationMs / 1000).toFixed(1);
  return html`<ul class="totals">
      ${VERDICTS_BY_RANK.map((verdict) => html`<li class="v-${verdict}${summary[verdict] === 0 ? ' none' : ''}"><b>${number(summary[verdict])}</b> <span>${verdict}</span></li>`)}
    </ul>
    ${bar(summary)}
    <p class="muted">
      ${plural(summary.histories, 'history', 'histories')}, ${plural(summary.events, 'event', 'events')} in
      ${seconds} s
    </p>`;
}

/** Draws the shares of the verdicts. The list above it has the same numbers. */
function bar(summary: DiagnosedReport['summary']): Markup | null {
  if (summary.histories === 0) return null;
  let x = 0;
  const parts = VERDICTS_BY_RANK.filter((verdict) => summary[verdict] > 0).map((verdict) => {
    const width = (summary[verdict] / summary.histories) * 100;
    const part = html`<rect
      class="f-${verdict}"
      x="${x.toFixed(3)}"
      y="0"
      width="${width.toFixed(3)}"
      height="1"
    />`;
    x += width;
    return part;
  });
  return html`<svg class="share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
    ${parts}
  </svg>`;
}

const uncovered = (types: readonly string[]): Markup | null =>
  types.length === 0
    ? null
    : html`<p class="note">
        No history covers ${joined(types.map((type) => html`<bdi class="mono">${line(type)}</bdi>`))}.
      </p>`;

const anyCard = (...given: Parameters<typeof card>): Markup =>
  guarded(
    () => card(...given),
    (reason) => html`<p class="note">${given[0].verdict}: ${reason}</p>`,
  );

function card(group: FailureGroup, index: number, results: readonly DiagnosedResult[]): Markup {
  const id = `c${index}`;
  const all = group.count > group.examples.length ? 'Examples' : 'Histories';
  return html`<article
    class="card v-${group.verdict}"
    id="${id}"
    data-cause="${index}"
    aria-labelledby="${id}-title"
  >
    <details ${index < OPEN_CARDS ? 'open' : ''}>
      <summary>
        <h3 id="${id}-title">${prose(group.headline)}</h3>
        <span class="facts">${facts(group)}</span>
      </summary>
      <div class="body">
        <p class="impact">${prose(group.impact)}</p>
        <div class="columns">
          <div>${place(group)}</div>
          <div>${rows(group.rows)}${drift(group)}</div>
        </div>
        ${remedies(group.remedies)}
        <h4>${all}</h4>
        <ul class="examples">
          ${group.examples.map((example) => exampleItem(example, resultOf(example, group, results)))}
        </ul>
        <span data-cause-results="${index}"></span>
      </div>
    </details>
  </article> `;
}

type Example = FailureGroup['examples'][number];

/** Returns the index of the result that an example shows. */
const resultOf = (
  { file, workflowId, runId }: Example,
  group: FailureGroup,
  results: readonly DiagnosedResult[],
): number | undefined =>
  group.results.find((index) => {
    const result = results[index];
    return result?.file === file && result.workflowId === workflowId && result.runId === runId;
  });

function facts(group: FailureGroup): Markup {
  const { count, openCount, acceptedCount, existingCount, existedBeforeCount, workflowTypes } = group;
  const counts = [
    plural(count, 'history', 'histories'),
    ...(openCount > 0 ? [`${number(openCount)} open`] : []),
    ...(acceptedCount > 0 ? [`${number(acceptedCount)} accepted`] : []),
    ...(existingCount > 0 ? [`${number(existingCount)} stuck already`] : []),
    ...(existedBeforeCount ? [`${number(existedBeforeCount)} failed before the change`] : []),
  ];
  return html`<span class="verdict">${group.verdict}</span>
    <span>${counts.join(' · ')}</span>
    ${workflowTypes.map((type) => html`<bdi class="mono type">${line(type)}</bdi> `)}`;
}

function place(group: FailureGroup): Markup {
  const { location, callers, issuedAt, locationNote, codeFrame } = group;
  const note = locationNote === null ? null : html`<p class="muted">${prose(locationNote)}</p>`;
  if (location === null)
    return html`<h4>Where</h4>
      ${note ?? html`<p class="muted">No place in the code.</p>`}`;
  return html`<h4>Where</h4>
    <p class="place">${where(location)}</p>
    ${note}
    ${codeFrame === null ? null : html`<pre class="frame" tabindex="0" aria-label="Source"><code>${cut(visibleLines(codeFrame), MAX_FRAME)}</code></pre>`}
    ${
      issuedAt === null
        ? null
        : html`<p class="muted">${issuedText(group)}</p>
            <p class="place">${where(issuedAt)}</p>`
    }
    ${variantLines(group).map((text) => html`<p class="muted">${prose(text)}</p>`)}
    ${
      callers.length === 0
        ? null
        : html`<p class="muted">called from</p>
            <ol class="callers">
              ${callers.map((caller) => html`<li>${where(caller)}</li>`)}
            </ol>`
    }`;
}

const where = (location: SourceLocation): Markup =>
  html`<bdi class="mono">${positionText({ ...location, file: line(location.file) })}</bdi
    >${location.function === null ? null : html` in <bdi class="mono">${line(location.function)}</bdi>`}`;

function rows(all: readonly ComparisonRow[]): Markup | null {
  if (!hasDifference(all)) return null;
  return html`<h4>Recorded and produced</h4>
    <table class="rows">
      ${tableHead('Event', 'Recorded', 'Change', 'Produced')}
      <tbody>
        ${all.map(
          (row) =>
            html`<tr class="op-${row.op}${row.isDivergence ? ' first' : ''}">
              <td>${row.eventId}</td>
              <td>${words(row.recorded)}</td>
              <td class="op">${row.op === 'same' ? '' : row.op}</td>
              <td>${words(row.produced)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

const tableHead = (...columns: string[]): Markup =>
  html`<thead>
    <tr>
      ${columns.map((column) => html`<th scope="col">${column}</th>`)}
    </tr>
  </thead>`;

const words = (text: string | null): Markup =>
  text === null ? html`<span class="muted">nothing</span>` : prose(text);

function drift(group: FailureGroup): Markup | null {
  if (group.drift.length === 0) return null;
  const more = group.drift.length - SHOWN_DRIFTS;
  return html`<h4>Drift</h4>
    <table class="drift">
      ${tableHead('Event', 'Path', 'Recorded', 'Produced')}
      <tbody>
        ${group.drift.slice(0, SHOWN_DRIFTS).map(driftRow)}
      </tbody>
    </table>
    ${more > 0 ? html`<p class="muted">and ${number(more)} more</p>` : null}`;
}

const driftRow = ({ eventId, path, recorded, produced }: Drift): Markup =>
  html`<tr>
    <td>${eventId}</td>
    <td><bdi class="mono">${line(path)}</bdi></td>
    <td><bdi class="mono">${shownValue(recorded, MAX_VALUE)}</bdi></td>
    <td><bdi class="mono">${shownValue(produced, MAX_VALUE)}</bdi></td>
  </tr>`;

const remedies = (all: readonly Remedy[]): Markup | null =>
  all.length === 0
    ? null
    : html`<h4>What to do</h4>
        <ol class="remedies">
          ${all.map(
            (remedy) =>
              html`<li>
                <p><b>${prose(remedy.title)}</b> <span class="muted mono">${remedy.code}</span></p>
                <p>${prose(remedy.text)}</p>
                ${remedy.trial ? html`<p class="muted">${trialText(remedy.trial)}</p>` : null}
                ${remedy.snippet === null ? null : html`<pre tabindex="0" aria-label="Code to type"><code>${cut(visibleLines(remedy.snippet), MAX_FRAME)}</code></pre>`}
              </li>`,
          )}
        </ol>`;

/** Returns an example, which the page's script turns into a link to the details. */
const exampleItem = (example: Example, result: number | undefined): Markup =>
  html`<li>
    <span data-result="${result ?? ''}"
      ><bdi class="mono">${line(example.workflowId ?? example.file)}</bdi></span
    >${example.eventId === null ? null : html` <span class="muted">event ${example.eventId}</span>`}
    <bdi class="muted mono">${example.workflowId === null ? '' : line(example.file)}</bdi>
  </li>`;

const line = (text: string): string => cut(visible(text), MAX_LINE);

/** Returns text as markup, with code between backticks. */
const prose = (text: string): Markup =>
  html`${cut(visible(text), MAX_LINE)
    .split('`')
    .map((part, i, parts) =>
      i % 2 === 1 && i < parts.length - 1 ? html`<bdi class="mono">${part}</bdi>` : html`${part}`,
    )}`;

const joined = (parts: readonly Markup[]): Markup[] =>
  parts.map((part, i) => (i === 0 ? part : html`, ${part}`));

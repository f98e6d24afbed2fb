import type { DeployReport } from '../../model/deploy';
import type { DiagnosedReport, DiagnosedResult } from '../../model/report';
import type { OriginRepository, RunOrigin } from '../../model/run-origin';
import { canFailRun, VERDICTS_BY_RANK } from '../../model/verdict';
import { deployAnswerText, deployCountsText, deployNotes } from '../text/deploy-text';
import { statusText } from '../text/status-text';
import { type TypeTotals, emptyTotals, typeTotals } from '../text/type-totals';
import { roundedDurationInWords } from '../../util/duration-in-words';
import { webUrl } from './links';
import { html, type Markup } from './markup';
import { dateText, joined, line, mono, number, plural, tableHead, timeText } from './words';

/** Workflow types beyond which their table is closed at first. */
const OPEN_TYPES = 8;

/** Makes the head of the page: the outcome, where the report comes from, and the totals, also by workflow type. */
export function header(report: DiagnosedReport, { hasDetails }: { hasDetails: boolean }): Markup {
  const { summary, notes = [], origin } = report;
  const status = statusText(report);
  return html`<header>
    <div class="top">
      <h1>Replay report</h1>
      ${origin ? repositoryName(origin.repository) : null}
      ${hasDetails ? html`<nav aria-label="Sections"><a href="#causes">Causes</a><a href="#histories">Histories</a></nav>` : null}
      <span id="theme"></span>
    </div>
    <div class="overview">
      <div>
        <p class="lead">${title(report)}</p>
        ${report.deploy ? deployLead(report.deploy) : null} ${openRuns(report)}
        ${status === null ? null : html`<p class="note">${status}</p>`} ${totals(report)}
        ${origin ? originList(origin, report.results) : null} ${uncovered(summary.uncoveredTypes)}
        ${notes.map(({ message }) => html`<p class="note">${line(message)}</p>`)}
      </div>
      ${typeTable(report)}
    </div>
  </header>`;
}

/** Says what happens to the open runs of the cluster. */
function deployLead(deploy: DeployReport): Markup {
  return html`<p class="sublead">${line([deployCountsText(deploy), ...deployNotes(deploy)].join(' '))}</p>`;
}

const STATUS_WORDS = { interrupted: 'Interrupted', incomplete: 'Incomplete' } as const;

/** Returns the outcome in a sentence, which is also the title of the page. */
export const title = (report: DiagnosedReport): string =>
  report.status === 'complete' ? outcome(report) : `${STATUS_WORDS[report.status]}: ${outcome(report)}`;

function outcome({ summary, deploy }: DiagnosedReport): string {
  if (deploy) return deployAnswerText(deploy);
  const { histories, compatible } = summary;
  if (histories === 0) return 'No history was replayed';
  if (compatible === histories) return `${plural(histories, 'history is', 'histories are')} compatible`;
  const others = VERDICTS_BY_RANK.filter((verdict) => canFailRun(verdict) && summary[verdict] > 0);
  const counts = others.map((verdict) => `${number(summary[verdict])} ${verdict}`).join(', ');
  return `${counts} of ${plural(histories, 'history', 'histories')}`;
}

/** Says how many causes there are, and how many open runs they would hold. */
function openRuns({ groups }: DiagnosedReport): Markup | null {
  if (groups.length === 0) return null;
  const open = groups.reduce((sum, { openCount }) => sum + openCount, 0);
  const causes = plural(groups.length, 'cause', 'causes');
  const runs = open === 0 ? 'none of their runs was open' : `${plural(open, 'run was', 'runs were')} open`;
  return html`<p class="sublead">${causes}; ${runs} when the histories were fetched.</p>`;
}

/** Returns the days of the first and the last event of histories; null if no history has times. */
function rangeOf(results: readonly DiagnosedResult[]): string | null {
  const first = results
    .flatMap(({ firstEventAt }) => firstEventAt ?? [])
    .reduce<string | null>((a, b) => (a === null || b < a ? b : a), null);
  const last = results
    .flatMap(({ lastEventAt }) => lastEventAt ?? [])
    .reduce<string | null>((a, b) => (a === null || b > a ? b : a), null);
  const [from, to] = [first && dateText(first), last && dateText(last)];
  if (!from || !to) return null;
  return from === to ? from : `${from} – ${to}`;
}

function totals({ summary }: DiagnosedReport): Markup {
  return html`<ul class="totals">
      ${VERDICTS_BY_RANK.map((verdict) => html`<li class="v-${verdict}${summary[verdict] === 0 ? ' none' : ''}"><b>${number(summary[verdict])}</b> <span>${verdict}</span></li>`)}
    </ul>
    ${bar(summary)}
    <p class="muted">
      ${plural(summary.histories, 'history', 'histories')}, ${plural(summary.events, 'event', 'events')} in
      ${roundedDurationInWords(summary.durationMs)}
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
  types.length === 0 ? null : html`<p class="note">No history covers ${joined(types.map(mono))}.</p>`;

const link = (url: string | null, text: Markup): Markup => {
  const href = webUrl(url);
  return href === null ? text : html`<a href="${href}">${text}</a>`;
};

/** Returns `acme/orders`, the path of the repository's page; null without a repository. */
function repositoryName(repository: OriginRepository | null): Markup | null {
  const url = webUrl(repository?.url ?? null);
  return url === null ? null : html`<span>${link(url, mono(new URL(url).pathname.slice(1)))}</span>`;
}

/** Lists where the report comes from. */
function originList(
  { startedAt, versions, projects, repository, job }: RunOrigin,
  results: readonly DiagnosedResult[],
): Markup {
  const time = timeText(startedAt);
  const range = rangeOf(results);
  const facts: (readonly [name: string, value: Markup | null])[] = [
    [
      projects.length === 1 ? 'Project' : 'Projects',
      projects.length === 0 ? null : html`${joined(projects.map(mono))}`,
    ],
    ['Branch', repository?.branch ? mono(repository.branch) : null],
    ['Commit', repository ? commit(repository) : null],
    ['Replayed', time === null ? null : html`<time datetime="${startedAt}">${time}</time>`],
    ['Histories', range === null ? null : html`${range}`],
    ['Temporal SDK', versions.sdk === null ? null : html`${line(versions.sdk)}`],
    ['temporal-replay', html`${line(versions.tool)}`],
    ['Node', html`${line(versions.node)}`],
    ['Job', webUrl(job) === null ? null : link(job, html`open`)],
  ];
  return html`<dl class="origin">
    ${facts.map(([name, value]) =>
      value === null
        ? html``
        : html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
    )}
  </dl>`;
}

const SHORT_HASH = 9;

function commit({ commit: hash, url, isModified }: OriginRepository): Markup | null {
  if (hash === null) return null;
  const repository = webUrl(url);
  const separator = repository?.includes('gitlab') ? '/-/commit/' : '/commit/';
  const page = repository === null || !/^[\da-f]+$/.test(hash) ? null : `${repository}${separator}${hash}`;
  return html`${link(page, mono(hash.slice(0, SHORT_HASH)))}${isModified ? ' and changes' : ''}`;
}

/** Returns the totals of all workflow types, the worst first, those without a history last. */
function typeRows({ results, summary }: DiagnosedReport): TypeTotals[] {
  const rankOf = ({ verdicts }: TypeTotals): number =>
    VERDICTS_BY_RANK.findIndex((verdict) => verdicts.has(verdict));
  const covered = typeTotals(results).sort(
    (a, b) =>
      rankOf(a) - rankOf(b) || b.histories - a.histories || ((a.type ?? '') < (b.type ?? '') ? -1 : 1),
  );
  return [...covered, ...summary.uncoveredTypes.map(emptyTotals)];
}

/** Makes the table of workflow types, the worst first. Those without a history come last. */
function typeTable(report: DiagnosedReport): Markup | null {
  const rows = typeRows(report);
  if (rows.length === 0) return null;
  return html`<details class="types" ${rows.length <= OPEN_TYPES ? 'open' : ''}>
    <summary>${plural(rows.length, 'workflow type', 'workflow types')}</summary>
    <table>
      ${tableHead('Type', 'Histories', 'Open', 'Shapes', 'Result')}
      <tbody>
        ${rows.map(typeRow)}
      </tbody>
    </table>
  </details>`;
}

function typeRow({ type, histories, open, shapes, verdicts }: TypeTotals): Markup {
  const counts = VERDICTS_BY_RANK.filter((verdict) => verdicts.has(verdict)).map(
    (verdict) =>
      html`<span class="v-${verdict}"
        ><span class="verdict"
          >${verdicts.size === 1 ? 'all' : number(verdicts.get(verdict)!)} ${verdict}</span
        ></span
      >`,
  );
  const failing = [...verdicts.keys()].some(canFailRun);
  return html`<tr>
    <th scope="row" ${failing && type !== null ? html` data-type="${line(type)}"` : null}>
      ${type === null ? html`<span class="muted">unknown</span>` : mono(type)}
    </th>
    <td>${number(histories)}</td>
    <td>${number(open)}</td>
    <td>${shapes === null ? '–' : number(shapes.size)}</td>
    <td>${histories === 0 ? html`<span class="muted">no history</span>` : joined(counts)}</td>
  </tr>`;
}

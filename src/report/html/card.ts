import type { FailureGroup, Remedy } from '../../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../../model/report';
import type { SourceLocation } from '../../model/source';
import type { Drift } from '../../model/verdict';
import { SHOWN_DRIFTS } from '../text/drift-text';
import { issuedText, variantLines } from '../text/group-text';
import { guarded } from '../text/guarded';
import { positionText } from '../text/place-text';
import { trialText } from '../text/trial-text';
import { type CodeLimits, codeBlock, diffBlock, frameBlock } from './code';
import { lanePicture, lanesTable } from './lanes';
import type { PageLinks } from './links';
import { html, type Markup } from './markup';
import { shownDriftValue } from './page-data';
import { line, number, plural, prose, tableHead } from './words';

const OPEN_CARDS = 3;
/** Cards beyond this number show no code and no picture, so that the page stays small. */
const DETAILED_CARDS = 150;
const MAX_VALUE = 400;
/** Number of characters of code in all cards. */
const CODE_BUDGET = 600_000;
const MAX_CODE = 16_000;
const MIN_CODE = 1_500;

/** Makes the cards of all causes. */
export function cards(report: DiagnosedReport, links: PageLinks): Markup[] {
  const { groups, results } = report;
  const length = Math.min(MAX_CODE, Math.max(MIN_CODE, CODE_BUDGET / groups.length));
  const context = { results, links, limits: { length, isColored: groups.length <= DETAILED_CARDS } };
  return groups.map((group, index) =>
    guarded(
      () => card(group, index, context),
      (reason) => html`<p class="note">${group.verdict}: ${reason}</p>`,
    ),
  );
}

interface CardContext {
  results: readonly DiagnosedResult[];
  links: PageLinks;
  limits: CodeLimits;
}

function card(group: FailureGroup, index: number, context: CardContext): Markup {
  const id = `c${index}`;
  const all = group.count > group.examples.length ? 'Examples' : 'Histories';
  const isDetailed = index < DETAILED_CARDS;
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
          ${isDetailed ? html`<div>${lanes(group, context)}${drift(group)}</div>` : null}
          <div>${place(group, context, isDetailed)}</div>
        </div>
        ${isDetailed ? remedies(group.remedies, context) : html`<p class="muted">The code is left out here: see the JSON report.</p>`}
        <h4>${all}</h4>
        <ul class="examples">
          ${group.examples.map((example) => exampleItem(example, resultOf(example, group, context.results), context))}
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

/** Makes the picture of both lanes. Its rows are those of the first example, so its events are links to that. */
function lanes(group: FailureGroup, { results }: CardContext): Markup | null {
  const picture = lanePicture({ ...group, errorType: group.headlineParts.errorType });
  if (picture === null) return null;
  const [first] = group.results;
  return html`<h4>What was recorded, and what the code does now</h4>
    ${lanesTable(picture, {
      eventIds: picture.eventIds,
      matchedUpTo: picture.isDrift ? 0 : (results[first ?? -1]?.verifiedEvents ?? 0),
      eventLink: (eventId) => (first === undefined ? null : `#r${first}-e${eventId}`),
    })}`;
}

function place(group: FailureGroup, { links, limits }: CardContext, isDetailed: boolean): Markup {
  const { location, callers, issuedAt, locationNote, codeFrame } = group;
  const note = locationNote === null ? null : html`<p class="muted">${prose(locationNote)}</p>`;
  if (location === null)
    return html`<h4>Where</h4>
      ${note ?? html`<p class="muted">No place in the code.</p>`}`;
  return html`<h4>Where</h4>
    <p class="place">${where(location, links)}</p>
    ${note} ${codeFrame === null || !isDetailed ? null : frameBlock(codeFrame, limits)}
    ${
      issuedAt === null
        ? null
        : html`<p class="muted">${issuedText(group)}</p>
            <p class="place">${where(issuedAt, links)}</p>`
    }
    ${variantLines(group).map((text) => html`<p class="muted">${prose(text)}</p>`)}
    ${
      callers.length === 0
        ? null
        : html`<p class="muted">called from</p>
            <ol class="callers">
              ${callers.map((caller) => html`<li>${where(caller, links)}</li>`)}
            </ol>`
    }`;
}

/** Makes a place, with links that open it. */
function where(location: SourceLocation, links: PageLinks): Markup {
  const [editor, repository] = [links.editor(location), links.repository(location)];
  return html`<span class="at"
      ><bdi class="mono" data-copy="place">${positionText({ ...location, file: line(location.file) })}</bdi
      >${location.function === null ? null : html` in <bdi class="mono">${line(location.function)}</bdi>`}</span
    >
    ${editor === null ? null : html` <a class="out" href="${editor}">VS Code</a>`}
    ${repository === null ? null : html` <a class="out" href="${repository}">repository</a>`}`;
}

function drift(group: FailureGroup): Markup | null {
  if (group.drift.length === 0) return null;
  const more = group.drift.length - SHOWN_DRIFTS;
  return html`<h4>Drift</h4>
    <table class="drift">
      ${tableHead('Event', 'Path', 'Recorded', 'Now')}
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
    <td><bdi class="mono">${shownDriftValue(recorded, path, MAX_VALUE)}</bdi></td>
    <td><bdi class="mono">${shownDriftValue(produced, path, MAX_VALUE)}</bdi></td>
  </tr>`;

const remedies = (all: readonly Remedy[], { limits }: CardContext): Markup | null =>
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
                ${remedyCode(remedy, limits)}
              </li>`,
          )}
        </ol>`;

function remedyCode({ diff, snippet }: Remedy, limits: CodeLimits): Markup | null {
  if (diff !== undefined) return diffBlock(diff, limits);
  return snippet === null ? null : codeBlock(snippet, 'Code', limits);
}

/** Returns an example, which the page's script turns into a link to the details. */
function exampleItem(example: Example, result: number | undefined, { results, links }: CardContext): Markup {
  const { workflowId, file, eventId } = example;
  const run = result === undefined ? null : links.run(results[result]!, eventId);
  return html`<li>
    <span data-result="${result ?? ''}"><bdi class="mono">${line(workflowId ?? file)}</bdi></span
    >${eventId === null ? null : html` <span class="muted" ${result === undefined ? null : html` data-event="r${result}-e${eventId}"`}>event ${eventId}</span>`}
    <bdi class="muted mono">${workflowId === null ? '' : line(file)}</bdi>
    ${run === null ? null : html` <a class="out" href="${run}">Temporal UI</a>`}
  </li>`;
}

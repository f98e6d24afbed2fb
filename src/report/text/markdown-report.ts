import type { DeployReport } from '../../model/deploy';
import type { FailureGroup, Remedy } from '../../model/diagnosis';
import type { RunReport } from '../../model/report';
import type { HistoryResult } from '../../model/verdict';
import { errorCodesOf } from './error-pages';
import { hasDifference } from './comparison-rows';
import { deployAnswerText, deployCountsText, deployNotes, deployTable } from './deploy-text';
import { SHOWN_DRIFTS, driftText } from './drift-text';
import { existingText } from './existing-text';
import { differingErrors } from './group-examples';
import { callLines, extentText, listText, variantLines } from './group-text';
import { levelOf } from './group-level';
import { guarded } from './guarded';
import { placeText, positionText } from './place-text';
import { code, escaped, fenced, inlineHtml, inlineMarkdown, short } from './markdown-text';
import { type RepositoryLinks, NO_LINKS } from './repository-links';
import { statusText } from './status-text';
import { historiesText, totalsText } from './totals-text';
import { trialText } from './trial-text';
import type { VerdictStyle } from './verdict-style';

/** Size limit of the place that a report goes to. */
export interface SizeLimit {
  limit: number;
  /** Returns the size of a text in the unit of `limit`. */
  sizeOf(text: string): number;
}

/**
 * Returns the report in GitHub's Markdown. The first cause is open, the others are closed. Causes that exceed the limit have a
 * line each, as far as these fit, and the rest is counted.
 */
export function markdownReport(
  report: RunReport,
  { limit, sizeOf }: SizeLimit,
  links: RepositoryLinks = NO_LINKS,
): string {
  const { summary, groups, results, notes = [] } = report;
  const status = statusText(report);
  const head = [
    `## ${markOf(groups)} Temporal replay`,
    ...(status === null ? [] : [`**${status}**`]),
    ...(report.deploy ? deployMarkdown(report.deploy) : []),
    `${escaped(totalsText(summary))}.`,
  ];
  const existing = existingText({ results });
  if (existing !== null) head.push(`${escaped(existing)}.`);
  if (summary.uncoveredTypes.length > 0)
    head.push(`No history covers ${escaped(listText(summary.uncoveredTypes.map(short)))}.`);
  for (const { message } of notes) head.push(inlineMarkdown(message));
  if (links.run !== null) head.push(`[Job with the whole report](${links.run})`);
  const table = groups.length > 1 ? [causeTable(groups, links)] : [];
  const whole = `${[...head, ...table].join('\n\n')}\n`;
  const top = sizeOf(whole) > limit * SHARE_OF_TABLE ? `${head.join('\n\n')}\n` : whole;
  if (sizeOf(top) > limit) return '';
  const blocks = groups.map((group, i) => `\n${guardedSection(group, results, i === 0, links)}\n`);
  const lines = groups.map((group) => `\n- ${guardedLine(group)}`);
  const room = { limit: limit - sizeOf(top), sizeOf };
  return top + fitting(blocks, lines, room);
}

/** Returns the paragraphs that answer whether code can be deployed. */
function deployMarkdown(deploy: DeployReport): string[] {
  const { headings, rows, left = [] } = deployTable(deploy);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const table = [
    row(headings),
    row(headings.map((_, i) => (left.includes(i) ? '---' : '---:'))),
    ...rows.slice(0, SHOWN_CAUSES).map((cells) => row(cells.map((text) => cell(text)))),
    ...(rows.length > SHOWN_CAUSES ? [row([`… and ${rows.length - SHOWN_CAUSES} more`])] : []),
  ];
  return [
    `**${escaped(deployAnswerText(deploy))}**`,
    escaped(deployCountsText(deploy)),
    ...deployNotes(deploy).map(escaped),
    ...(rows.length > 0 ? [table.join('\n')] : []),
  ];
}

/** Share of the room that the table of causes may take. */
const SHARE_OF_TABLE = 0.25;
const SHOWN_CAUSES = 20;

const MARKS: Readonly<Record<VerdictStyle['level'], string>> = { error: '❌', warning: '⚠️', note: '✅' };

/** Returns the mark of the gravest cause. */
function markOf(groups: readonly FailureGroup[]): string {
  const levels = groups.map((group) => levelOf(group));
  return MARKS[levels.includes('error') ? 'error' : levels.includes('warning') ? 'warning' : 'note'];
}

/** Returns a table with a row for each cause, which fits on a screen where the sections do not. */
function causeTable(groups: readonly FailureGroup[], { lineUrl }: RepositoryLinks): string {
  const rows = groups.slice(0, SHOWN_CAUSES).map((group) =>
    guarded(
      () => {
        const { verdict, headline, count, openCount, location } = group;
        const url = location && lineUrl(location);
        const at = location ? cell(positionText(location)) : '';
        const cells = [
          ...[`${MARKS[levelOf(group)]} ${verdict}`, cell(headline)],
          ...[count.toLocaleString('en'), openCount.toLocaleString('en'), url ? `[${at}](${url})` : at],
        ];
        return `| ${cells.join(' | ')} |`;
      },
      (reason) => `| ${group.verdict} | ${cell(reason)} | ${group.count} | | |`,
    ),
  );
  const more = groups.length - rows.length;
  return [
    '| Verdict | Cause | Histories | Open | Place |',
    '| --- | --- | ---: | ---: | --- |',
    ...rows,
    ...(more > 0 ? [`| | … and ${more} more | | | |`] : []),
  ].join('\n');
}

/** Share of the room that is kept for the lines of causes that have no section. */
const SHARE_OF_LINES = 0.2;

/** Returns as many sections as fit, then a line for each further cause, as far as these fit, then the number of the others. */
function fitting(blocks: readonly string[], lines: readonly string[], { limit, sizeOf }: SizeLimit): string {
  const noteSize = sizeOf(leftOut(blocks.length));
  let linesLeft = lines.reduce((sum, line) => sum + sizeOf(line), 0);
  let used = 0;
  const shown: string[] = [];
  for (const [i, block] of blocks.entries()) {
    linesLeft -= sizeOf(lines[i]!);
    const kept = linesLeft === 0 ? 0 : Math.min(linesLeft, limit * SHARE_OF_LINES) + noteSize;
    if (used + sizeOf(block) + kept > limit) break;
    used += sizeOf(block);
    shown.push(block);
  }
  for (const line of lines.slice(shown.length)) {
    const note = shown.length === lines.length - 1 ? 0 : noteSize;
    if (used + sizeOf(line) + note > limit) break;
    used += sizeOf(line);
    shown.push(line);
  }
  const rest = blocks.length - shown.length;
  if (rest > 0 && used + noteSize <= limit) shown.push(leftOut(rest));
  return shown.join('');
}

const guardedSection = (
  group: FailureGroup,
  results: readonly HistoryResult[],
  isOpen: boolean,
  links: RepositoryLinks,
): string =>
  guarded(
    () => section(group, results, isOpen, links),
    (reason) => `### ${group.verdict}\n\n${escaped(reason)}`,
  );

const guardedLine = (group: FailureGroup): string =>
  guarded(
    () => summaryOf(group),
    (reason) => `${group.verdict}: ${escaped(reason)}`,
  );

const leftOut = (count: number): string =>
  `\n\n${count} more ${count === 1 ? 'cause is' : 'causes are'} left out here because of the size limit. Other reporters show all of them.\n`;

/** Returns a cause as a section, or, closed, with its summary alone in view. */
function section(
  group: FailureGroup,
  results: readonly HistoryResult[],
  isOpen: boolean,
  links: RepositoryLinks,
): string {
  const block = groupBlock(group, results, links);
  if (isOpen) return `### ${group.verdict}: ${inlineMarkdown(group.headline)}\n\n${block}`;
  return `<details>\n<summary>${summaryInHtml(group)}</summary>\n\n${block}\n\n</details>`;
}

const summaryOf = ({ verdict, headline, count, location }: FailureGroup): string =>
  `${verdict}: ${inlineMarkdown(headline)} (${historiesText(count)}${location ? `, ${code(positionText(location))}` : ''})`;

/** Markdown is not read within the summary of a block that can be opened. */
const summaryInHtml = ({ verdict, headline, count }: FailureGroup): string =>
  `<b>${verdict}</b>: ${inlineHtml(headline)} (${historiesText(count)})`;

function groupBlock(
  group: FailureGroup,
  results: readonly HistoryResult[],
  { lineUrl }: RepositoryLinks,
): string {
  const { location, locationNote, codeFrame, impact, drift, remedies } = group;
  const rows = rowsTable(group);
  const url = location && lineUrl(location);
  const at = location && code(placeText(location));
  const place = at ? [`At ${url ? `[${at}](${url})` : at}`] : [];
  const chain = callLines(group).map((line) => escaped(line));
  const variants = variantLines(group).map(inlineMarkdown);
  const note = locationNote === null ? [] : [inlineMarkdown(locationNote)];
  const errors = new Map(
    differingErrors(group, results).map(({ file, error }) => [file, `: ${inlineMarkdown(error!.message)}`]),
  );
  const pages = errorCodesOf(group, results).map((name) => `More: ${code(`npx replay explain ${name}`)}`);
  return [
    [`${escaped(extentText(group))}.`, ...place, ...note, ...chain, ...variants].join('  \n'),
    ...(codeFrame === null ? [] : [fenced(codeFrame, group.cause ? 'diff' : 'text')]),
    ...(drift.length === 0 ? [] : [driftList(group)]),
    escaped(impact),
    ...(pages.length > 0 ? [pages.join('  \n')] : []),
    ...remedies.map(remedyBlock),
    closed(rows.length > 0 ? 'Recorded and current commands, and histories' : 'Histories', [
      ...rows,
      examplesOf(group, errors),
    ]),
  ].join('\n\n');
}

/** Returns blocks that are closed until the reader opens them. */
const closed = (title: string, blocks: readonly string[]): string =>
  ['<details>', `<summary>${title}</summary>`, '', blocks.join('\n\n'), '', '</details>'].join('\n');

const examplesOf = ({ examples }: FailureGroup, errors: ReadonlyMap<string, string>): string =>
  [
    'Such as:',
    ...examples.map(({ file, workflowId, eventId }) => {
      const event = eventId === null ? '' : `, event ${eventId}`;
      return `- ${code(file)}${workflowId === null ? '' : ` (${code(workflowId)})`}${event}${errors.get(file) ?? ''}`;
    }),
  ].join('\n');

function rowsTable({ rows }: FailureGroup): string[] {
  if (!hasDifference(rows)) return [];
  const lines = rows.map(({ eventId, recorded, produced, op, isDivergence }) => {
    const cells = [eventId === null ? '' : String(eventId), cell(recorded), cell(produced), op];
    return `| ${cells.map((text) => (isDivergence && text ? `**${text}**` : text)).join(' | ')} |`;
  });
  return [['| Event | Recorded | Current code | |', '| ---: | --- | --- | --- |', ...lines].join('\n')];
}

const cell = (text: string | null): string => (text === null ? '' : inlineMarkdown(short(text)));

function driftList({ drift }: FailureGroup): string {
  const lines = drift
    .slice(0, SHOWN_DRIFTS)
    .map((one) => `- ${escaped(driftText({ ...one, path: short(one.path) }))}`);
  const more = drift.length - SHOWN_DRIFTS;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}

const remedyBlock = ({ title, text, snippet, trial }: Remedy): string =>
  [
    `**${inlineMarkdown(title)}.** ${inlineMarkdown(text)}${trial ? ` ${trialText(trial)}` : ''}`,
    ...(snippet === null ? [] : [snippetBlock(snippet)]),
  ].join('\n\n');

/** Lines of code above which it is closed. */
const OPEN_LINES = 24;

function snippetBlock(snippet: string): string {
  const block = fenced(snippet, 'ts');
  const lines = snippet.split('\n').length;
  return lines > OPEN_LINES ? closed(`The code (${lines} lines)`, [block]) : block;
}

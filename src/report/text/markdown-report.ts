import type { FailureGroup, Remedy } from '../../model/diagnosis';
import type { RunReport } from '../../model/report';
import type { HistoryResult } from '../../model/verdict';
import { hasDifference } from './comparison-rows';
import { SHOWN_DRIFTS, driftText } from './drift-text';
import { existingText } from './existing-text';
import { differingErrors } from './group-examples';
import { callerLines, extentText, listText } from './group-text';
import { guarded } from './guarded';
import { placeText } from './place-text';
import { cut, printable } from '../../util/printable';
import { statusText } from './status-text';
import { totalsText } from './totals-text';
import { trialText } from './trial-text';

/** Size limit of the place that a report goes to. */
export interface SizeLimit {
  limit: number;
  /** Returns the size of a text in the unit of `limit`. */
  sizeOf(text: string): number;
}

const MAX_LINE_LENGTH = 200;
const MAX_ID_LENGTH = 200;

/** Returns the report in GitHub's Markdown. Groups that exceed the limit are left out whole and counted. */
export function markdownReport(report: RunReport, { limit, sizeOf }: SizeLimit): string {
  const { summary, groups, results, notes = [] } = report;
  const status = statusText(report);
  const head = [
    '## Temporal replay',
    ...(status === null ? [] : [`**${status}**`]),
    `${escaped(totalsText(summary))}.`,
  ];
  const existing = existingText({ results });
  if (existing !== null) head.push(`${escaped(existing)}.`);
  if (summary.uncoveredTypes.length > 0)
    head.push(`No history covers ${escaped(listText(summary.uncoveredTypes.map(short)))}.`);
  for (const { message } of notes) head.push(withCode(message));
  let text = `${head.join('\n\n')}\n`;
  for (const [i, group] of groups.entries()) {
    const shown = guarded(
      () => groupBlock(group, results),
      (reason) => `### ${group.verdict}\n\n${escaped(reason)}`,
    );
    const block = `\n${shown}\n`;
    // Unless this is the last group, the note about those left out has to fit too.
    const note = i + 1 < groups.length ? leftOut(groups.length - i - 1) : '';
    if (sizeOf(text + block + note) > limit) {
      const rest = leftOut(groups.length - i);
      return sizeOf(text + rest) > limit ? '' : text + rest;
    }
    text += block;
  }
  return sizeOf(text) > limit ? '' : text;
}

const leftOut = (count: number): string =>
  `\n${count} more ${count === 1 ? 'cause is' : 'causes are'} left out here because of the size limit. Other reporters show all of them.\n`;

function groupBlock(group: FailureGroup, results: readonly HistoryResult[]): string {
  const { verdict, headline, location, callers, locationNote, codeFrame, impact, drift, examples, remedies } =
    group;
  const place = location ? [`At ${code(placeText(location))}`] : [];
  const chain = callerLines(callers).map((line) => escaped(line));
  const note = locationNote === null ? [] : [withCode(locationNote)];
  const errors = new Map(
    differingErrors(group, results).map(({ file, error }) => [file, `: ${withCode(error!.message)}`]),
  );
  return [
    `### ${verdict}: ${withCode(headline)}`,
    [`${escaped(extentText(group))}.`, ...place, ...chain, ...note].join('  \n'),
    escaped(impact),
    ...(codeFrame === null ? [] : [fenced(codeFrame, 'text')]),
    ...rowsTable(group),
    ...(drift.length === 0 ? [] : [driftList(group)]),
    [
      'Such as:',
      ...examples.map(({ file, workflowId, eventId }) => {
        const event = eventId === null ? '' : `, event ${eventId}`;
        return `- ${code(file)}${workflowId === null ? '' : ` (${code(workflowId)})`}${event}${errors.get(file) ?? ''}`;
      }),
    ].join('\n'),
    ...remedies.map(remedyBlock),
  ].join('\n\n');
}

function rowsTable({ rows }: FailureGroup): string[] {
  if (!hasDifference(rows)) return [];
  const lines = rows.map(({ eventId, recorded, produced, op, isDivergence }) => {
    const cells = [eventId === null ? '' : String(eventId), cell(recorded), cell(produced), op];
    return `| ${cells.map((text) => (isDivergence && text ? `**${text}**` : text)).join(' | ')} |`;
  });
  return [['| Event | Recorded | Produced | |', '| ---: | --- | --- | --- |', ...lines].join('\n')];
}

const cell = (text: string | null): string => (text === null ? '' : withCode(short(text)));

function driftList({ drift }: FailureGroup): string {
  const lines = drift
    .slice(0, SHOWN_DRIFTS)
    .map((one) => `- ${escaped(driftText({ ...one, path: short(one.path) }))}`);
  const more = drift.length - SHOWN_DRIFTS;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}

const remedyBlock = ({ title, text, snippet, trial }: Remedy): string =>
  [
    `**${withCode(title)}.** ${withCode(text)}${trial ? ` ${trialText(trial)}` : ''}`,
    ...(snippet === null ? [] : [fenced(snippet, 'ts')]),
  ].join('\n\n');

const short = (text: string): string => cut(text, MAX_ID_LENGTH);
const onOneLine = (text: string): string => printable(text).replace(/\s+/g, ' ');

/** Escapes text so that nothing in it is Markdown or HTML, mentions a person or refers to an issue. */
const escaped = (text: string): string =>
  onOneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_|[\]~$]/g, '\\$&')
    // GitHub looks for these in the rendered text, so an entity of the character itself would not help.
    .replace(/[@#](?=\S)|GH(?=-\d)|:(?=\/\/)|www(?=\.)/gi, '$&&#8203;');

/** Escapes as {@link escaped} does, but keeps names between backticks, as our own texts have them, as code. */
const withCode = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (/^`(?=.*\w)[\w.$ (),[\]/:-]+`$/.test(part) ? part : escaped(part)))
    .join('');

/** Returns an id or path as code, between as many backticks as it needs. Not for tables, whose code cannot hold a pipe. */
function code(text: string): string {
  const line = short(onOneLine(text));
  const ticks = '`'.repeat(longestTicks(line) + 1);
  return ticks.length === 1 && line.trim() !== '' ? `\`${line}\`` : `${ticks} ${line} ${ticks}`;
}

function fenced(text: string, language: string): string {
  const lines = printable(text).split('\n');
  const body = lines.map((line) => cut(line, MAX_LINE_LENGTH)).join('\n');
  const ticks = '`'.repeat(Math.max(3, longestTicks(body) + 1));
  return `${ticks}${language}\n${body}\n${ticks}`;
}

const longestTicks = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));

import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import type { FailureGroup, Remedy } from '../../model/diagnosis';
import type { DiagnosedReport, RunReport } from '../../model/report';
import type { ResultError } from '../../model/result-error';
import type { SourceLocation } from '../../model/source';
import { baselineLines } from '../text/baseline-text';
import { changedSinceText } from '../text/changed-since-text';
import { existingText } from '../text/existing-text';
import { formatRows, hasDifference } from '../text/comparison-rows';
import { LiveLine } from '../text/live-line';
import { type Paint, linked, paintFor } from '../text/paint';
import { oneLine } from '../../util/printable';
import { paintVerdict, styleOf } from '../text/verdict-style';
import type { ReporterContext, ReporterFactory } from '../reporter';
import type { Screen } from '../screen';
import { SHOWN_DRIFTS, driftText } from '../text/drift-text';
import { differingErrors, exampleResults } from '../text/group-examples';
import { callLines, listText, variantLines } from '../text/group-text';
import { guarded } from '../text/guarded';
import { positionText } from '../text/place-text';
import { statusText } from '../text/status-text';
import { totalsText } from '../text/totals-text';
import { trialText } from '../text/trial-text';

const SHOWN_REMEDIES = 2;
const DEFAULT_WIDTH = 100;
const INDENT = '    ';

interface Style {
  paint: Paint;
  width: number;
  cwd: string;
  hyperlinks: boolean;
}

/**
 * Writes for a person at a terminal: a live line during the run, then a block for each cause, the gravest first, then the totals.
 */
export const pretty: ReporterFactory = (screen, context) => {
  const style = screenStyle(screen, context);
  const live = screen.isTerminal ? new LiveLine(screen) : null;
  return {
    onBegin: (projects) =>
      live?.begin(`bundling ${projects.length > 0 ? listText(projects) : 'the workflow code'} …`),
    onResult: (result, progress) => live?.update(result, progress),
    onReplayed: () => live?.say('trying the suggested changes'),
    onEnd(report) {
      live?.clear();
      screen.print(format(report, style));
    },
  };
};

const screenStyle = ({ color, columns, hyperlinks }: Screen, { cwd }: ReporterContext): Style => ({
  paint: paintFor(color),
  width: columns ?? DEFAULT_WIDTH,
  cwd,
  hyperlinks: hyperlinks ?? false,
});

/** Returns the lines of all blocks, with an empty line between two. */
function format(report: DiagnosedReport, style: Style): string[] {
  const { paint } = style;
  const known = [existingText(report), changedSinceText(report, paint)].filter((text) => text !== null);
  const blocks = [
    ...report.groups.map((group) =>
      guarded(
        () => block(group, report, style),
        (reason) => [`${group.verdict} × ${group.count}`, ...field('error', [reason], paint, style.width)],
      ),
    ),
    baselineLines(report, paint),
    ...known.map((line) => [line]),
    totals(report, style),
  ].filter((lines) => lines.length > 0);
  return blocks.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

function block(group: FailureGroup, report: DiagnosedReport, style: Style): string[] {
  const { paint } = style;
  return [
    heading(group, paint),
    ...field('histories', examples(group), paint),
    ...location(group, style),
    ...frame(group, paint),
    ...comparison(group, style),
    ...drifts(group, paint),
    ...errors(group, report, paint),
    ...field('means', [group.impact], paint, style.width),
    ...group.remedies.slice(0, SHOWN_REMEDIES).flatMap((remedy) => remedyLines(remedy, style)),
  ];
}

function heading(
  { verdict, headline, count, acceptedCount, existingCount, existedBeforeCount }: FailureGroup,
  paint: Paint,
): string {
  const { mark } = styleOf(verdict);
  const notes = [
    ...(acceptedCount > 0 ? [`${acceptedCount} accepted`] : []),
    ...(existingCount > 0 ? [`${existingCount} stuck already`] : []),
    ...(existedBeforeCount ? [`${existedBeforeCount} there before`] : []),
  ];
  const times = count > 1 ? ` × ${count}` : '';
  const suffix = notes.length > 0 ? paint.dim(` (${notes.join(', ')})`) : '';
  const head = [mark, `${verdict}${times}`].map((text) => paintVerdict(verdict, text, paint)).join(' ');
  return `${head}  ${paint.bold(oneLine(headline))}${suffix}`;
}

function examples({ examples: shown, count, workflowTypes }: FailureGroup): string[] {
  const lines = shown.map(({ file, eventId }) => `${file}${eventId === null ? '' : ` at event ${eventId}`}`);
  const more = count - shown.length;
  const rest =
    more > 0 ? [`… and ${more} more${workflowTypes.length > 0 ? ` of ${listText(workflowTypes)}` : ''}`] : [];
  return [...lines, ...rest];
}

function location(group: FailureGroup, style: Style): string[] {
  const { location: place, locationNote } = group;
  const { paint } = style;
  if (!place) return locationNote === null ? [] : field('where', [locationNote], paint);
  return [
    ...field('where', [linkedPlace(place, style)], paint),
    ...(locationNote === null ? [] : field('', [locationNote], paint, style.width)),
    ...field('', callLines(group, placeText), paint),
    ...field('also', variantLines(group).map(oneLine), paint, style.width),
  ];
}

const placeText = (place: SourceLocation): string =>
  `${oneLine(positionText(place))}${place.function === null ? '' : ` (${oneLine(place.function)})`}`;

/** Returns the place as a link to the file, if the terminal is known to support that. */
const linkedPlace = (place: SourceLocation, { cwd, hyperlinks }: Style): string =>
  hyperlinks ? linked(placeText(place), pathToFileURL(resolve(cwd, place.file)).href) : placeText(place);

/** Returns the code frame with all but the marked lines dimmed. */
function frame({ codeFrame }: FailureGroup, paint: Paint): string[] {
  if (codeFrame === null) return [];
  const lines = codeFrame.split('\n');
  return ['', ...lines.map((line) => `${INDENT}${framed(line, paint)}`), ''];
}

function framed(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint.green(line);
  if (line.startsWith('-')) return paint.red(line);
  return /^(>|\s*\|)/.test(line) ? line : paint.dim(line);
}

function comparison({ rows, kind }: FailureGroup, { paint, width }: Style): string[] {
  if (!hasDifference(rows) || kind === 'drift') return [];
  const room = width - INDENT.length;
  return [...formatRows(rows, { width: room, paint }).map((line) => `${INDENT}${line}`), ''];
}

function drifts({ drift, verdict }: FailureGroup, paint: Paint): string[] {
  if (verdict !== 'drifted') return [];
  const lines = drift.slice(0, SHOWN_DRIFTS).map(driftText);
  const more = drift.length - SHOWN_DRIFTS;
  return field('drift', [...lines, ...(more > 0 ? [`… and ${more} more`] : [])], paint);
}

/**
 * Returns core's message, and the error of the first example unless headline and place already contain it. If the errors of the
 * examples differ, returns the error of each instead.
 */
function errors(group: FailureGroup, report: DiagnosedReport, paint: Paint): string[] {
  const { results } = group;
  const differing = differingErrors(group, report.results);
  if (differing.length > 0) {
    const lines = differing.map(
      ({ file, error }) => `${oneLine(file)}: ${oneLine(error!.message)} [${error!.code}]`,
    );
    return field('errors', [...lines, ...pagesOf(differing.map(({ error }) => error!.code))], paint);
  }
  const { error, divergence } = exampleResults(group, report.results)[0] ?? report.results[results[0]!]!;
  return [
    ...(error && !isShown(error, group)
      ? field('error', [...`${error.message} [${error.code}]`.split('\n'), ...pagesOf([error.code])], paint)
      : []),
    ...(divergence?.coreMessage ? field('core', divergence.coreMessage.split('\n'), paint) : []),
  ];
}

/** Returns the commands that print the pages of error codes. */
const pagesOf = (codes: readonly string[]): string[] =>
  [...new Set(codes)].map((code) => `More: replay explain ${code}`);

/** True if the headline and the location of a group show all of an error. */
const isShown = ({ parts }: ResultError, { headlineParts, location: place }: FailureGroup): boolean =>
  place !== null &&
  parts.frame !== null &&
  parts.own === headlineParts.own &&
  parts.errorType === headlineParts.errorType &&
  parts.foreign === headlineParts.foreign;

function remedyLines({ title, snippet, trial }: Remedy, { paint, width }: Style): string[] {
  const code = snippet === null ? [] : snippet.split('\n');
  return [
    ...field('remedy', [title], paint, width),
    ...(trial ? field('', [trialText(trial)], paint, width) : []),
    ...code.map((line) => `${INDENT}${' '.repeat(LABEL_WIDTH + 1)}${paint.cyan(line)}`),
  ];
}

function totals(report: RunReport, { paint, width }: Style): string[] {
  const { summary, notes = [] } = report;
  const { uncoveredTypes } = summary;
  const status = statusText(report);
  const lines = [totalsText(summary, (verdict, count) => paintVerdict(verdict, count, paint))];
  if (status !== null) lines.push(paint.bold(paint.red(status)));
  if (uncoveredTypes.length > 0)
    lines.push(
      ...wrapped(`No history covers ${listText(uncoveredTypes.map(oneLine))}.`, width).map(paint.yellow),
    );
  for (const { message } of notes)
    lines.push(...wrapped(oneLine(message), width).map((line) => paint.yellow(line)));
  return lines;
}

const LABEL_WIDTH = 9;

/** Returns `label    text` with further texts indented below the first, wrapped if a width is given. */
function field(label: string, texts: readonly string[], paint: Paint, width?: number): string[] {
  const room = (width ?? Infinity) - INDENT.length - LABEL_WIDTH - 1;
  const lines = texts.flatMap((text) => wrapped(text, room));
  return lines.map((line, i) =>
    `${INDENT}${paint.dim((i === 0 ? label : '').padEnd(LABEL_WIDTH))} ${line}`.trimEnd(),
  );
}

function wrapped(text: string, room: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]!;
    if (last !== '' && last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

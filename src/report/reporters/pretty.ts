import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { type FailureGroup, type Remedy, hasPassedTrial } from '../../model/diagnosis';
import type { DiagnosedReport, RunReport } from '../../model/report';
import { resultFailsRun } from '../../model/verdict';
import type { ResultError } from '../../model/result-error';
import type { SourceLocation } from '../../model/source';
import { baselineLines } from '../text/baseline-text';
import { changedSinceText } from '../text/changed-since-text';
import { deployAnswerLine, deployLines } from '../text/deploy-text';
import { existingText } from '../text/existing-text';
import { formatRows, hasDifference } from '../text/comparison-rows';
import { causeList } from '../text/cause-list';
import { brokenCode, framedLines } from '../text/framed-code';
import { LiveLine } from '../text/live-line';
import { type Paint, linked, paintFor } from '../text/paint';
import { oneLine } from '../../util/printable';
import { paintVerdict, styleOf } from '../text/verdict-style';
import type { ReporterContext, ReporterFactory } from '../reporter';
import type { Screen } from '../screen';
import { SHOWN_DRIFTS, driftText } from '../text/drift-text';
import { errorPageText } from '../text/error-pages';
import { differingErrors, exampleResults } from '../text/group-examples';
import { callLines, listText, variantLines } from '../text/group-text';
import { guarded } from '../text/guarded';
import { positionText } from '../text/place-text';
import { shortPath } from '../text/short-path';
import { statusText } from '../text/status-text';
import { unconstrainedLines } from '../text/unconstrained-text';
import { totalsText } from '../text/totals-text';
import { trialText } from '../text/trial-text';
import { typesTable } from '../text/types-table';
import { shownWidthOf, wrapped } from '../text/wrap';

const SHOWN_REMEDIES = 2;
/** Lines of suggested code above which only its beginning is shown. */
const MAX_SNIPPET_LINES = 24;
const INDENT = '    ';
/** Width of a comparison where nothing else limits it. */
const MAX_ROWS_WIDTH = 160;

interface Style {
  paint: Paint;
  /** Maximum width of a line; infinite if the output is no terminal, whose readers wrap lines themselves. */
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
      screen.print(format(report, style, context));
    },
  };
};

const screenStyle = ({ color, columns, hyperlinks }: Screen, { cwd }: ReporterContext): Style => ({
  paint: paintFor(color),
  width: columns ?? Infinity,
  cwd,
  hyperlinks: hyperlinks ?? false,
});

/** Returns the lines of all blocks, with an empty line between two. None is wider than the terminal. */
function format(report: DiagnosedReport, style: Style, context: ReporterContext): string[] {
  const { paint, width } = style;
  const known = [existingText(report), changedSinceText(report, paint)].filter((text) => text !== null);
  const blocks = [
    ...(report.deploy ? [deployLines(report.deploy, style)] : []),
    ...report.groups.map((group) =>
      guarded(
        () => block(group, report, style),
        (reason) => [`${group.verdict} × ${group.count}`, ...field('error', [reason], style)],
      ),
    ),
    baselineLines(report, paint),
    ...known.map((line) => [line]),
    causeList(report.groups, style),
    ...(isGreen(report, context) ? [typesTable(report.results, style), unconstrained(report, style)] : []),
    totals(report, style),
  ].filter((lines) => lines.length > 0);
  return blocks
    .flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]))
    .flatMap((line) => wrapped(line, width, hangingOf(line)));
}

/** Returns the indentation of the lines that continue a line. */
const hangingOf = (line: string): string => (/^ */.exec(line)?.[0] ?? '') + INDENT;

/** Returns true if a whole run has replayed histories and none of them fails it. */
const isGreen = ({ status, results }: DiagnosedReport, context: ReporterContext): boolean =>
  status === 'complete' &&
  results.length > 0 &&
  !results.some(
    (result) =>
      !result.accepted &&
      resultFailsRun(result, {
        strict: context.isStrict ?? false,
        failOnExisting: context.failOnExisting ?? false,
      }),
  );

const unconstrained = (report: DiagnosedReport, { paint, width }: Style): string[] =>
  unconstrainedLines(report, width).map((line) => paint.yellow(line));

function block(group: FailureGroup, report: DiagnosedReport, style: Style): string[] {
  const { paint } = style;
  return [
    heading(group, paint),
    ...field('histories', examples(group, style), style),
    ...location(group, style),
    ...frame(group, style),
    ...comparison(group, style),
    ...drifts(group, style),
    ...errors(group, report, style),
    ...field('means', [group.impact], style),
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

function examples({ examples: shown, count, workflowTypes }: FailureGroup, style: Style): string[] {
  const lines = shown.map(({ file, eventId }) => {
    const at = eventId === null ? '' : ` at event ${eventId}`;
    return shortPath(oneLine(file), roomOf(style) - at.length) + at;
  });
  const more = count - shown.length;
  const rest =
    more > 0 ? [`… and ${more} more${workflowTypes.length > 0 ? ` of ${listText(workflowTypes)}` : ''}`] : [];
  return [...lines, ...rest];
}

function location(group: FailureGroup, style: Style): string[] {
  const { location: place, locationNote } = group;
  if (!place) return locationNote === null ? [] : field('where', [locationNote], style);
  return [
    ...field('where', [linkedPlace(place, style)], style),
    ...(locationNote === null ? [] : field('', [locationNote], style)),
    ...field(
      '',
      callLines(group, (caller) => placeText(caller, style)),
      style,
    ),
    ...field('also', variantLines(group).map(oneLine), style),
  ];
}

const placeText = (place: SourceLocation, style: Style): string =>
  `${shortPath(oneLine(positionText(place)), roomOf(style))}${place.function === null ? '' : ` (${oneLine(place.function)})`}`;

/** Returns the place as a link to the file, if the terminal is known to support that. */
function linkedPlace(place: SourceLocation, style: Style): string {
  const text = placeText(place, style);
  return style.hyperlinks ? linked(text, pathToFileURL(resolve(style.cwd, place.file)).href) : text;
}

/** Returns the code frame with all but the marked lines dimmed. */
function frame({ codeFrame }: FailureGroup, { paint, width }: Style): string[] {
  if (codeFrame === null) return [];
  const lines = framedLines(codeFrame, width - INDENT.length);
  return ['', ...lines.map((line) => `${INDENT}${framed(line, paint)}`), ''];
}

function framed(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint.green(line);
  if (line.startsWith('-')) return paint.red(line);
  return /^(>|\s*\|)/.test(line) ? line : paint.dim(line);
}

function comparison({ rows, kind }: FailureGroup, { paint, width }: Style): string[] {
  if (!hasDifference(rows) || kind === 'drift') return [];
  const room = Math.min(width, MAX_ROWS_WIDTH) - INDENT.length;
  return [...formatRows(rows, { width: room, paint }).map((line) => `${INDENT}${line}`), ''];
}

function drifts({ drift, verdict }: FailureGroup, style: Style): string[] {
  if (verdict !== 'drifted') return [];
  const lines = drift.slice(0, SHOWN_DRIFTS).map(driftText);
  const more = drift.length - SHOWN_DRIFTS;
  return field('drift', [...lines, ...(more > 0 ? [`… and ${more} more`] : [])], style);
}

/**
 * Returns core's message, and the error of the first example unless headline and place already contain it. If the errors of the
 * examples differ, returns the error of each instead.
 */
function errors(group: FailureGroup, report: DiagnosedReport, style: Style): string[] {
  const { results } = group;
  const differing = differingErrors(group, report.results);
  if (differing.length > 0) {
    const lines = differing.map(
      ({ file, error }) => `${oneLine(file)}: ${oneLine(error!.message)} [${error!.code}]`,
    );
    return field('errors', [...lines, ...pagesOf(differing.map(({ error }) => error!.code))], style);
  }
  const { error, divergence } = exampleResults(group, report.results)[0] ?? report.results[results[0]!]!;
  return [
    ...(error && !isShown(error, group)
      ? field('error', [...errorText(error, group).split('\n'), ...pagesOf([error.code])], style)
      : []),
    ...(divergence?.coreMessage ? field('core', divergence.coreMessage.split('\n'), style) : []),
  ];
}

/** Returns the commands that print the pages of error codes. */
const pagesOf = (codes: readonly string[]): string[] => [...new Set(codes)].map(errorPageText);

/** Returns the message with its code, or the code alone if the headline is that message. */
const errorText = ({ message, code }: ResultError, { headline }: FailureGroup): string =>
  oneLine(message) === oneLine(headline) ? code : `${message} [${code}]`;

/** True if the headline and the location of a group show all of an error. */
const isShown = (
  { message, parts }: ResultError,
  { headline, headlineParts, location: place }: FailureGroup,
): boolean => {
  if (place === null) return false;
  // A report that was read from a file has no parts.
  if (message.startsWith(`${headline} at `) && !message.includes('\n')) return true;
  return (
    parts.frame !== null &&
    parts.own === headlineParts.own &&
    parts.errorType === headlineParts.errorType &&
    parts.foreign === headlineParts.foreign
  );
};

function remedyLines(remedy: Remedy, style: Style): string[] {
  const { title, trial } = remedy;
  return [
    ...field('remedy', [title], style),
    ...(trial ? field('', [trialText(trial)], style) : []),
    ...snippetLines(remedy, style),
  ];
}

/** Returns suggested code, broken between words where it is too wide; of very long code only the beginning. */
function snippetLines(remedy: Remedy, style: Style): string[] {
  const { paint } = style;
  const lines = (remedy.snippet ?? '').split('\n');
  if (remedy.snippet === null) return [];
  const shown = lines.length > MAX_SNIPPET_LINES ? lines.slice(0, MAX_SNIPPET_LINES - 4) : lines;
  // Code that is too wide for the column of the texts gets more room, so that fewer of its lines are broken.
  const isWide = shown.some((line) => shownWidthOf(line) > roomOf(style));
  const indent = isWide ? `${INDENT}  ` : `${INDENT}${' '.repeat(LABEL_WIDTH + 1)}`;
  const more = lines.length - shown.length;
  const written = hasPassedTrial(remedy) ? ', which `replay fix` writes' : '';
  return [
    ...shown
      .flatMap((line) => brokenCode(line, style.width - indent.length))
      .map((line) => (line.trim() === '' ? '' : paint.cyan(line))),
    ...(more > 0 ? [paint.dim(`… ${more} more lines${written}`)] : []),
  ].map((line) => `${indent}${line}`.trimEnd());
}

function totals(report: RunReport, { paint, width }: Style): string[] {
  const { summary, notes = [] } = report;
  const { uncoveredTypes } = summary;
  const status = statusText(report);
  const counts = totalsText(summary, (verdict, count) => paintVerdict(verdict, count, paint));
  const lines = report.deploy && summary.histories === 0 ? [] : [counts];
  const cached = report.results.filter((result) => result.cached).length;
  if (cached > 0) {
    const verb = cached === 1 ? 'is' : 'are';
    const which = cached === summary.histories ? 'All results are' : `${cached} of the results ${verb}`;
    lines.push(paint.dim(`${which} from an earlier run: nothing has changed since.`));
  }
  if (status !== null) lines.push(paint.bold(paint.red(status)));
  if (uncoveredTypes.length > 0)
    lines.push(paint.yellow(`No history covers ${listText(uncoveredTypes.map(oneLine))}.`));
  for (const { message } of notes) lines.push(paint.yellow(oneLine(message)));
  // The causes may have moved the answer out of sight.
  if (report.deploy && report.groups.length > 0) lines.push(deployAnswerLine(report.deploy, paint));
  return lines.flatMap((line) => wrapped(line, width));
}

const LABEL_WIDTH = 9;

/** Returns the room for the text of a field. */
const roomOf = ({ width }: Style): number => width - INDENT.length - LABEL_WIDTH - 1;

/** Returns `label    text` with further texts indented below the first, and lines that are too wide broken between words. */
function field(label: string, texts: readonly string[], style: Style): string[] {
  const lines = texts.flatMap((text) => wrapped(text, roomOf(style)));
  return lines.map((line, i) =>
    `${INDENT}${style.paint.dim((i === 0 ? label : '').padEnd(LABEL_WIDTH))} ${line}`.trimEnd(),
  );
}

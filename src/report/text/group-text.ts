import type { ComparisonRow, FailureGroup } from '../../model/diagnosis';
import type { ReportSummary } from '../../model/report';
import type { SourceLocation } from '../../model/source';
import { type Drift, type HistoryResult, type Verdict, VERDICTS_BY_RANK } from '../../model/verdict';
import { styleOf, type VerdictStyle } from './verdict-style';

/** What reporters say alike. Data in, plain text out: each reporter escapes for its own format. */

/** How much a group weighs: accepted by the baseline, or only drift, or a failure. */
export type Level = VerdictStyle['level'];

export function levelOf({ acceptedCount, count, verdict }: FailureGroup): Level {
  if (isAccepted({ acceptedCount, count })) return 'note';
  return styleOf(verdict).level;
}

export const isAccepted = ({
  acceptedCount,
  count,
}: Pick<FailureGroup, 'acceptedCount' | 'count'>): boolean => acceptedCount === count;

/** `1 history`, `1,200 histories`. */
export const histories = (count: number): string =>
  `${count.toLocaleString('en')} ${count === 1 ? 'history' : 'histories'}`;

/** Verdicts in the order of the totals. */
const TOTALS_ORDER: readonly Verdict[] = [
  'compatible',
  ...VERDICTS_BY_RANK.filter((verdict) => verdict !== 'compatible'),
];

/** `12 histories: 3 compatible, 9 incompatible (1,024 events in 0.4 s)`; `paint` gives each count its color. */
export function totalsOf(
  summary: ReportSummary,
  paint: (verdict: Verdict, count: string) => string = (_, count) => count,
): string {
  const counts = TOTALS_ORDER.filter((verdict) => verdict === 'compatible' || summary[verdict] > 0)
    .map((verdict) => paint(verdict, `${summary[verdict]} ${verdict}`))
    .join(', ');
  const seconds = (summary.durationMs / 1000).toFixed(1);
  return `${histories(summary.histories)}: ${counts} (${summary.events.toLocaleString('en')} events in ${seconds} s)`;
}

const SHOWN_TYPES = 20;

/** `a, b and 3 more`. */
export function listOf(names: readonly string[]): string {
  const more = names.length - SHOWN_TYPES;
  const shown = names.slice(0, SHOWN_TYPES).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** `500 histories of processOrder; 3 of them open, 2 accepted by the baseline, 1 failed before this change`. */
export function extentOf(group: FailureGroup): string {
  const { count, openCount, acceptedCount, existedBeforeCount, workflowTypes } = group;
  const of = workflowTypes.length > 0 ? ` of ${listOf(workflowTypes)}` : '';
  const parts = [
    ...(openCount > 0 ? [`${openCount} open`] : []),
    ...(acceptedCount > 0 ? [`${acceptedCount} accepted by the baseline`] : []),
    ...(existedBeforeCount ? [`${existedBeforeCount} failing before this change`] : []),
  ];
  return `${histories(count)}${of}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

/** `src/workflows.ts:12:5 in processOrder`. */
export const placeOf = ({ file, line, column, function: name }: SourceLocation): string =>
  `${file}:${line}:${column}${name === null ? '' : ` in ${name}`}`;

const SHOWN_CALLERS = 3;

/** `called from src/orders.ts:7:3 in refund`, a line each, the innermost first. */
export const callersText = (callers: readonly SourceLocation[]): string[] =>
  callers.slice(0, SHOWN_CALLERS).map((caller) => `called from ${placeOf(caller)}`);

/** `event 7: input.amount: 5 → "5"`. */
export const driftText = ({ eventId, path, recorded, produced }: Drift): string =>
  path === 'earlier'
    ? `event ${eventId}: issued in an earlier workflow task than recorded`
    : `event ${eventId}: ${path}: ${valueText(recorded)} → ${valueText(produced)}`;

/** Rows that are all alike have nothing to compare, as where the code threw. */
export const haveDifference = (rows: readonly ComparisonRow[]): boolean =>
  rows.some(({ op }) => op !== 'same');

const MAX_VALUE_LENGTH = 80;

/** A value as JSON, cut. */
export const valueText = (value: unknown): string =>
  cut(JSON.stringify(value) ?? 'nothing', MAX_VALUE_LENGTH);

export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;

/** No control character and no mark that turns the reading direction; line breaks and tabs stay. */
export const visible = (text: string): string =>
  wellFormed(text).replace(/(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');

/** What a group is about, in plain lines: for formats that have no structure of their own. */
export function groupText(group: FailureGroup): string {
  const { impact, location, callers, locationNote, drift, remedies } = group;
  const [best] = remedies;
  return [
    `${extentOf(group)}.`,
    ...(location ? [`At ${placeOf(location)}`] : []),
    ...callersText(callers),
    ...(locationNote === null ? [] : [locationNote]),
    impact,
    ...drift.slice(0, SHOWN_DRIFTS).map(driftText),
    ...(best ? [`${best.title}: ${best.text}`] : []),
  ].join('\n');
}

/** The results that a group shows as its examples, in that order. */
export const exampleResults = <R extends HistoryResult>(
  { examples, results: indexes }: FailureGroup,
  results: readonly R[],
): R[] =>
  examples.flatMap(
    ({ file, workflowId, runId }) =>
      indexes
        .map((index) => results[index]!)
        .find(
          (result) => result.file === file && result.workflowId === workflowId && result.runId === runId,
        ) ?? [],
  );

/** The examples of a group whose messages are not all the same, as of files that are damaged in different places. */
export function differingErrors<R extends HistoryResult>(group: FailureGroup, results: readonly R[]): R[] {
  const examples = exampleResults(group, results).filter(({ error }) => error !== undefined);
  return new Set(examples.map(({ error }) => error!.message)).size > 1 ? examples : [];
}

export const SHOWN_DRIFTS = 5;

/** Half of a surrogate pair is no character: UTF-8, URIs and XML have no place for it. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');

import type { DifferenceKind } from '../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import type { SourceLocation } from '../model/source';
import type { Drift, HistoryResult } from '../model/verdict';

/** Unset, values stay out of what CI keeps where nobody put them into the repository: they come from a cluster. */
export const hidesValues = (
  option: boolean | undefined,
  { env, isFromCluster }: { env: Readonly<NodeJS.ProcessEnv>; isFromCluster: boolean },
): boolean => option ?? (isFromCluster && Boolean(env['CI']) && env['CI'] !== 'false');

/**
 * The report with shapes (`<string>`, `<list of 3>`) instead of the values that differ, and without the messages of errors
 * that were thrown over a history: code and codecs put values of it there.
 */
export const withoutValues = (report: DiagnosedReport): DiagnosedReport => ({
  ...report,
  results: report.results.map(resultWithoutValues),
  groups: report.groups.map((group) => ({
    ...group,
    headline: hiddenHeadline(group.headline, group.kind),
    drift: group.drift.map(hidden),
  })),
});

export const resultWithoutValues = (result: DiagnosedResult): DiagnosedResult => {
  const { error, diagnosis, drift } = result;
  return {
    ...result,
    drift: drift.map(hidden),
    ...(error && { error: hiddenError(error, diagnosis?.location ?? null) }),
    ...(diagnosis && {
      diagnosis: { ...diagnosis, headline: hiddenHeadline(diagnosis.headline, diagnosis.kind) },
    }),
  };
};

/** What stands for a message. */
const HIDDEN = '(hidden)';

type ResultError = NonNullable<HistoryResult['error']>;

/** By the code of an error: what of its message is our own words. Other codes have no message of anybody else's. */
const OWN_WORDS: Readonly<Record<string, RegExp>> = {
  REPLAY_FAILED: /^/,
  CORE_PANIC: /^Core panicked over this history: /,
  PROCESS_DIED: /^The replay process [^(]*\([^)]*\)\. ?/,
};

function hiddenError({ code, message }: ResultError, place: SourceLocation | null): ResultError {
  if (code === 'WORKFLOW_TASK_FAILED') return { code, message: `${thrown(message)}${placeText(place)}` };
  const own = OWN_WORDS[code]?.exec(message)?.[0];
  return own === undefined || own === message ? { code, message } : { code, message: `${own}${HIDDEN}` };
}

const hiddenHeadline = (headline: string, kind: DifferenceKind): string =>
  kind === 'threw' ? thrown(headline) : headline;

/** `TypeError: (hidden)`. */
const thrown = (message: string): string =>
  `${/^[A-Z][\w$]*(?=: )/.exec(message)?.[0] ?? 'Error'}: ${HIDDEN}`;

/** Made of the location, not cut from the message, whose end may be of the code. */
const placeText = (place: SourceLocation | null): string => {
  if (!place) return '';
  const at = `${place.file}:${place.line}:${place.column}`;
  return place.function === null ? ` at ${at}` : ` at ${place.function} (${at})`;
};

/** Paths whose values are written in the code, from their first segment on: below `input`, the same words are payload. */
const CODE_PATHS = new RegExp(
  `^(?:${[
    'earlier',
    '\\w+Timeout',
    'taskQueue',
    'retryPolicy(?:\\..+)?',
    'priority\\..+',
    'parentClosePolicy',
    'workflowIdReusePolicy',
    'cronSchedule',
    'namespace',
    'signalName',
    'workflowType',
  ].join('|')})$`,
);

const hidden = (drift: Drift): Drift =>
  CODE_PATHS.test(drift.path)
    ? drift
    : { ...drift, recorded: shapeOf(drift.recorded), produced: shapeOf(drift.produced) };

/** Null and what is absent have no content to hide. */
function shapeOf(value: unknown): unknown {
  if (value === null || value === undefined) return value;
  return Array.isArray(value) ? `<list of ${value.length}>` : `<${typeof value}>`;
}

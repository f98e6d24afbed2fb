import { type MessageParts, composeMessage } from '../model/message';
import { type ComparisonRow, WITH_ID } from '../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult, RunNote } from '../model/report';
import { type ResultError, resultError } from '../model/result-error';
import type { SourceLocation } from '../model/source';
import type { Divergence, Drift } from '../model/verdict';

/**
 * Returns true if values are hidden. The default is true in CI for histories that come from a cluster: CI keeps its output, and
 * these values, unlike those of history files, are not part of the repository.
 */
export const hidesValues = (
  option: boolean | undefined,
  { env, isFromCluster }: { env: Readonly<NodeJS.ProcessEnv>; isFromCluster: boolean },
): boolean => option ?? (isFromCluster && Boolean(env['CI']) && env['CI'] !== 'false');

/**
 * Returns the report with shapes (`<string>`, `<list of 3>`) instead of the values that differ, and without the text that
 * workflow code, codecs, the SDK or core wrote over a history: it may hold values.
 */
export const withoutValues = (report: DiagnosedReport): DiagnosedReport => ({
  ...report,
  results: report.results.map(resultWithoutValues),
  groups: report.groups.map((group) => ({
    ...group,
    ...hiddenHeadline(group.headlineParts),
    variants: group.variants.map((variant) => ({ ...variant, ...hiddenHeadline(variant.headlineParts) })),
    drift: group.drift.map(hidden),
    rows: group.rows.map(hiddenRow),
  })),
  ...(report.notes && { notes: report.notes.map(hiddenNote) }),
});

function hiddenNote(note: RunNote): RunNote {
  const parts = hiddenParts(note.parts);
  return { ...note, parts, message: composeMessage(parts) };
}

export const resultWithoutValues = (result: DiagnosedResult): DiagnosedResult => {
  const { error, diagnosis, drift, divergence } = result;
  return {
    ...result,
    drift: drift.map(hidden),
    ...(divergence && { divergence: withoutCoreMessage(divergence) }),
    ...(error && { error: hiddenError(error, diagnosis?.location ?? null) }),
    ...(diagnosis && {
      diagnosis: {
        ...diagnosis,
        ...hiddenHeadline(diagnosis.headlineParts),
        rows: diagnosis.rows.map(hiddenRow),
      },
    }),
  };
};

/** Stands for foreign text. */
const HIDDEN = '(hidden)';

const hiddenRow = (row: ComparisonRow): ComparisonRow => ({
  ...row,
  recorded: hiddenId(row.recorded),
  produced: hiddenId(row.produced),
});

function hiddenId(text: string | null): string | null {
  const at = text?.indexOf(WITH_ID) ?? -1;
  return text === null || at === -1 ? text : text.slice(0, at) + WITH_ID + HIDDEN;
}

/** Core may print whole events and commands, with their payloads. Recorded and produced command have the names. */
const withoutCoreMessage = (divergence: Divergence): Divergence => ({
  ...divergence,
  coreMessage: divergence.coreMessage === null ? null : HIDDEN,
});

const hiddenError = ({ code, parts }: ResultError, location: SourceLocation | null): ResultError =>
  // A stack is text of the code that threw: the frame is made of the location instead.
  resultError({ code, ...hiddenParts(parts), frame: parts.frame && location && frameOf(location) });

function hiddenHeadline(parts: MessageParts): { headline: string; headlineParts: MessageParts } {
  const headlineParts = hiddenParts(parts);
  return { headline: composeMessage(headlineParts), headlineParts };
}

const hiddenParts = ({ own, details, errorType, foreign }: MessageParts): MessageParts => ({
  own,
  details,
  errorType: errorType === null || isClassName(errorType) ? errorType : 'Error',
  foreign: foreign === null ? null : HIDDEN,
  frame: null,
});

/** Code can give an error any text as its type. */
const isClassName = (errorType: string): boolean => /^[A-Z][\w$]*$/.test(errorType);

function frameOf({ file, line, column, function: name }: SourceLocation): string {
  const at = `${file}:${line}:${column}`;
  return name === null ? `at ${at}` : `at ${name} (${at})`;
}

/** Matches paths whose values are written in the code, in full: below `input`, the same names are payload. */
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

/** Returns the shape of a value; null and undefined have no content to hide. */
function shapeOf(value: unknown): unknown {
  if (value === null || value === undefined) return value;
  return Array.isArray(value) ? `<list of ${value.length}>` : `<${typeof value}>`;
}

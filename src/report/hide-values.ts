import type { DiagnosedReport, DiagnosedResult, Drift } from '../model';

/** Unset, values stay out of what CI keeps where nobody put them into the repository: they come from a cluster. */
export const hidesValues = (
  option: boolean | undefined,
  { env, isFromCluster }: { env: Readonly<NodeJS.ProcessEnv>; isFromCluster: boolean },
): boolean => option ?? (isFromCluster && Boolean(env['CI']) && env['CI'] !== 'false');

/** The report with shapes (`<string>`, `<list of 3>`) instead of the values that differ. */
export const withoutValues = (report: DiagnosedReport): DiagnosedReport => ({
  ...report,
  results: report.results.map(resultWithoutValues),
  groups: report.groups.map((group) => ({ ...group, drift: group.drift.map(hidden) })),
});

export const resultWithoutValues = (result: DiagnosedResult): DiagnosedResult => ({
  ...result,
  drift: result.drift.map(hidden),
});

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

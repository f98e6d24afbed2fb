import { countVerdicts } from './count-verdicts';
import type { FailureGroup } from '../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';

/** Returns a report with some of the results of another one, and the groups that these results belong to. */
export function partOfReport(
  report: DiagnosedReport,
  isIn: (result: DiagnosedResult) => boolean,
): DiagnosedReport {
  const kept = report.results.flatMap((result, index) => (isIn(result) ? [index] : []));
  const results = kept.map((index) => report.results[index]!);
  const newIndexOf = new Map(kept.map((index, newIndex) => [index, newIndex]));
  const groups = report.groups.flatMap((group) => partOfGroup(group, newIndexOf, results));
  const summary = {
    ...countVerdicts(results),
    durationMs: Math.round(results.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    uncoveredTypes: [],
  };
  return { schemaVersion: 1, status: report.status, summary, results, groups };
}

/** Returns the group reduced to the kept results; no group if none of them belongs to it. */
function partOfGroup(
  group: FailureGroup,
  newIndexOf: ReadonlyMap<number, number>,
  results: readonly DiagnosedResult[],
): FailureGroup[] {
  const members = group.results.flatMap((index) => newIndexOf.get(index) ?? []);
  if (members.length === 0) return [];
  const own = members.map((index) => results[index]!);
  const files = new Set(own.map(({ file }) => file));
  return [
    {
      ...group,
      results: members,
      count: members.length,
      openCount: own.filter(({ diagnosis }) => diagnosis?.isOpen).length,
      acceptedCount: own.filter(({ accepted }) => accepted !== undefined).length,
      existingCount: own.filter(({ existing }) => existing !== undefined).length,
      workflowTypes: [...new Set(own.flatMap(({ workflowType }) => workflowType ?? []))],
      examples: group.examples.filter(({ file }) => files.has(file)),
    },
  ];
}

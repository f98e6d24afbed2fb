import { countVerdicts } from './count-verdicts';
import type { FailureGroup } from '../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';

/** A report of some of its results, with their part of each group. */
export function partOfReport(
  report: DiagnosedReport,
  isIn: (result: DiagnosedResult) => boolean,
): DiagnosedReport {
  const places = report.results.flatMap((result, index) => (isIn(result) ? [index] : []));
  const results = places.map((index) => report.results[index]!);
  const placeOf = new Map(places.map((index, place) => [index, place]));
  const groups = report.groups.flatMap((group) => partOfGroup(group, placeOf, results));
  const summary = {
    ...countVerdicts(results),
    durationMs: Math.round(results.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    uncoveredTypes: [],
  };
  return { schemaVersion: 1, summary, results, groups };
}

function partOfGroup(
  group: FailureGroup,
  placeOf: ReadonlyMap<number, number>,
  results: readonly DiagnosedResult[],
): FailureGroup[] {
  const members = group.results.flatMap((index) => placeOf.get(index) ?? []);
  if (members.length === 0) return [];
  const own = members.map((place) => results[place]!);
  const files = new Set(own.map(({ file }) => file));
  return [
    {
      ...group,
      results: members,
      count: members.length,
      openCount: own.filter(({ diagnosis }) => diagnosis?.isOpen).length,
      acceptedCount: own.filter(({ accepted }) => accepted !== undefined).length,
      workflowTypes: [...new Set(own.flatMap(({ workflowType }) => workflowType ?? []))],
      examples: group.examples.filter(({ file }) => files.has(file)),
    },
  ];
}

import type { DiagnosedReport, DiagnosedResult, ReportSummary } from '../model/report';
import { judgesCode } from '../model/verdict';
import type { BundledProject, IsolationFault } from '../replay/setup';
import { countVerdicts } from './count-verdicts';
import { isolationNotes } from './isolation-notes';

/** Returns the report of the results of a run. Its groups are empty; the diagnosis adds them. */
export function reportOf(
  results: DiagnosedResult[],
  projects: readonly BundledProject[],
  { durationMs, faults }: { durationMs: number; faults: ReadonlyMap<string, IsolationFault> },
): DiagnosedReport {
  const covered = new Set(
    results.filter(({ verdict }) => judgesCode(verdict)).map((result) => result.workflowType),
  );
  const types = projects.flatMap((project) => ('workflowTypes' in project ? project.workflowTypes : []));
  const summary: ReportSummary = {
    ...countVerdicts(results),
    durationMs: Math.round(durationMs),
    uncoveredTypes: [...new Set(types)].filter((type) => type !== 'default' && !covered.has(type)).sort(),
  };
  const notes = isolationNotes(projects, faults);
  return { schemaVersion: 1, summary, results, groups: [], ...(notes.length > 0 && { notes }) };
}

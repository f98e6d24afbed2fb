import type { EngineCounts } from '../model/engine';
import type { DiagnosedReport, DiagnosedResult, ReportSummary, RunStatus, Shard } from '../model/report';
import type { RunOrigin } from '../model/run-origin';
import { judgesCode } from '../model/verdict';
import type { BundledProject } from '../replay/setup';
import { countVerdicts } from './count-verdicts';
import type { RunNotes } from './notes';

/** Returns the report of the results of a run. Its groups are empty; the diagnosis adds them. */
export function reportOf(
  results: DiagnosedResult[],
  projects: readonly BundledProject[],
  {
    status,
    durationMs,
    notes,
    engine,
    origin,
    shard,
  }: {
    status: RunStatus;
    durationMs: number;
    notes: RunNotes;
    engine: EngineCounts | null;
    origin: Omit<RunOrigin, 'projects'> | null;
    shard: Shard | null;
  },
): DiagnosedReport {
  const covered = new Set(
    results.filter(({ verdict }) => judgesCode(verdict)).map((result) => result.workflowType),
  );
  const types = projects.flatMap((project) => ('workflowTypes' in project ? project.workflowTypes : []));
  // The histories that an interrupted run has not come to may cover the other types.
  const uncoveredTypes =
    status !== 'complete'
      ? []
      : [...new Set(types)].filter((type) => type !== 'default' && !covered.has(type)).sort();
  const summary: ReportSummary = {
    ...countVerdicts(results),
    durationMs: Math.round(durationMs),
    uncoveredTypes: shard ? [] : uncoveredTypes,
  };
  const noted = notes.of(projects);
  return {
    schemaVersion: 1,
    status,
    ...(origin && { origin: { ...origin, projects: projects.map(({ name }) => name) } }),
    ...(shard && { shard: { ...shard, uncoveredTypes } }),
    summary,
    results,
    groups: [],
    ...(noted.length > 0 && { notes: noted }),
    ...(engine && { engine }),
  };
}

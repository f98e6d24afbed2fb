import type { EngineCounts } from '../model/engine';
import type { DiagnosedReport, ReportSummary, RunStatus, Shard } from '../model/report';
import type { RunOrigin } from '../model/run-origin';
import type { BundledProject } from '../replay/setup';
import type { RunNotes } from './notes';
import type { RunResults } from './run-results';

/** Returns the report of the results of a run. Its groups are empty; the diagnosis adds them. */
export function reportOf(
  results: RunResults,
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
  const types = projects.flatMap((project) => ('workflowTypes' in project ? project.workflowTypes : []));
  // The histories that an interrupted run has not come to may cover the other types.
  const uncoveredTypes =
    status !== 'complete'
      ? []
      : [...new Set(types)].filter((type) => type !== 'default' && !results.covers(type)).sort();
  const summary: ReportSummary = {
    ...results.counts(),
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
    results: results.kept,
    groups: [],
    ...(noted.length > 0 && { notes: noted }),
    ...(engine && { engine }),
  };
}

import { TemporalReplayError } from '../../errors';
import type { EngineCounts } from '../../model/engine';
import type { BaselineEntry, BaselineOutcome, DiagnosedReport, RunNote, RunStatus } from '../../model/report';
import type { RunOrigin } from '../../model/run-origin';
import { countVerdicts } from '../count-verdicts';
import { type PartOfGroups, mergeGroups } from './merge-groups';

/** A report with the name of its file, for messages. */
export interface NamedReport {
  name: string;
  report: DiagnosedReport;
}

/**
 * Returns one report of the reports of several runs, such as those of all shards, as if it had been one run. Its duration is that of
 * the longest run.
 *
 * @throws REPORT_INVALID if reports of shards are missing or of different code, or a report stands twice
 */
export function mergeReports(parts: readonly NamedReport[]): DiagnosedReport {
  requireAllShards(parts);
  requireOneCommit(parts);
  requireDistinctRuns(parts);
  const reports = parts.map(({ report }) => report);
  const results = reports.flatMap((report) => report.results);
  const origin = mergedOrigin(reports.flatMap((report) => report.origin ?? []));
  const baseline = mergedBaseline(reports.flatMap((report) => report.baseline ?? []));
  const changedSince = mergedComparison(reports);
  const engine = mergedEngines(reports.flatMap((report) => report.engine ?? []));
  const notes = mergedNotes(reports.flatMap((report) => report.notes ?? []));
  return {
    schemaVersion: 1,
    status: worstStatus(reports),
    ...(origin && { origin }),
    summary: {
      ...countVerdicts(results),
      durationMs: Math.max(0, ...reports.map(({ summary }) => summary.durationMs)),
      uncoveredTypes: uncoveredByAll(reports),
    },
    results,
    groups: mergeGroups(partsOfGroups(reports)),
    ...(engine && { engine }),
    ...(notes.length > 0 && { notes }),
    ...(baseline && { baseline }),
    ...(changedSince && { changedSince }),
  };
}

function requireAllShards(parts: readonly NamedReport[]): void {
  const sharded = parts.filter(({ report }) => report.shard !== undefined);
  if (sharded.length === 0) return;
  const whole = parts.find(({ report }) => report.shard === undefined);
  if (whole)
    throw mismatch(`${whole.name} is the report of a whole run, and ${sharded[0]!.name} that of a part.`);
  const names = new Map<number, string>();
  const { count } = sharded[0]!.report.shard!;
  for (const { name, report } of sharded) {
    const { index, count: ownCount } = report.shard!;
    if (ownCount !== count)
      throw mismatch(`${name} is one of ${ownCount} parts, and ${sharded[0]!.name} is one of ${count}.`);
    if (names.has(index)) throw mismatch(`${names.get(index)!} and ${name} are both of part ${index}.`);
    names.set(index, name);
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !names.has(index));
  if (missing.length > 0)
    throw mismatch(
      `The report of part ${missing.join(', ')} of ${count} is missing. Without it, the result would not be that of a whole run.`,
    );
}

function requireOneCommit(parts: readonly NamedReport[]): void {
  const known = parts.flatMap(({ name, report }) => {
    const commit = report.origin?.repository?.commit;
    return commit ? [{ name, commit }] : [];
  });
  const other = known.find(({ commit }) => commit !== known[0]!.commit);
  if (other)
    throw mismatch(
      `${known[0]!.name} is of the commit ${known[0]!.commit.slice(0, 12)}, and ${other.name} of ${other.commit.slice(0, 12)}.`,
    );
}

/** Refuses one report that stands twice, whose histories would count twice. */
function requireDistinctRuns(parts: readonly NamedReport[]): void {
  const names = new Map<string, string>();
  for (const { name, report } of parts) {
    const content = JSON.stringify(report);
    const same = names.get(content);
    if (same !== undefined) throw mismatch(`${same} and ${name} are the same report.`);
    names.set(content, name);
  }
}

/**
 * Refuses a report of which one is unfinished, so that a gate never passes on the histories that happened to be replayed.
 *
 * @throws REPORT_UNFINISHED
 */
export function requireFinished(parts: readonly NamedReport[]): void {
  const unfinished = parts.filter(({ report }) => report.status !== 'complete');
  if (unfinished.length === 0) return;
  const names = unfinished.map(({ name, report }) => `${name} (${report.status})`).join(', ');
  throw new TemporalReplayError(
    'REPORT_UNFINISHED',
    `A run ended before all its histories were replayed: ${names}. The result says nothing about the others.`,
  );
}

const mismatch = (message: string): TemporalReplayError =>
  new TemporalReplayError('REPORT_INVALID', message, {
    hint: 'Give the JSON reports of all parts of one run.',
  });

const STATUSES: readonly RunStatus[] = ['interrupted', 'incomplete', 'complete'];

const worstStatus = (reports: readonly DiagnosedReport[]): RunStatus =>
  STATUSES.find((status) => reports.some((report) => report.status === status)) ?? 'complete';

/** Returns the workflow types that no shard covers. Reports of whole runs, such as of several services, keep their own. */
function uncoveredByAll(reports: readonly DiagnosedReport[]): string[] {
  if (worstStatus(reports) !== 'complete') return [];
  const [first, ...others] = reports.flatMap(({ shard }) => (shard ? [shard.uncoveredTypes] : []));
  if (first !== undefined) return first.filter((type) => others.every((other) => other.includes(type)));
  return [...new Set(reports.flatMap(({ summary }) => summary.uncoveredTypes))].sort();
}

/** Returns the origin of the run that began first, with the projects of all. */
function mergedOrigin(origins: readonly RunOrigin[]): RunOrigin | null {
  const [first] = [...origins].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  return first ? { ...first, projects: [...new Set(origins.flatMap(({ projects }) => projects))] } : null;
}

function mergedEngines(all: readonly EngineCounts[]): EngineCounts | null {
  if (all.length === 0) return null;
  const sum = (of: 'screened' | 'byCore' | 'sampled'): number =>
    all.reduce((total, counts) => total + counts[of], 0);
  const unsure: Record<string, number> = {};
  for (const counts of all)
    for (const [reason, count] of Object.entries(counts.unsure))
      unsure[reason] = (unsure[reason] ?? 0) + count;
  return { screened: sum('screened'), byCore: sum('byCore'), sampled: sum('sampled'), unsure };
}

function mergedNotes(notes: readonly RunNote[]): RunNote[] {
  return [...new Map(notes.map((note) => [note.message, note])).values()];
}

function mergedBaseline(outcomes: readonly BaselineOutcome[]): BaselineOutcome | null {
  const [first] = outcomes;
  const all = (of: 'expired' | 'stale'): BaselineEntry[] => [
    ...new Map(
      outcomes.flatMap((outcome) => outcome[of]).map((entry) => [JSON.stringify(entry), entry]),
    ).values(),
  ];
  return first ? { file: first.file, expired: all('expired'), stale: all('stale') } : null;
}

function mergedComparison(reports: readonly DiagnosedReport[]): DiagnosedReport['changedSince'] | null {
  const compared = reports.flatMap(({ changedSince }) => changedSince ?? []);
  const problem = compared.find((each) => each.problem !== null)?.problem ?? null;
  return compared[0] ? { ...compared[0], problem } : null;
}

function partsOfGroups(reports: readonly DiagnosedReport[]): PartOfGroups[] {
  let offset = 0;
  return reports.map(({ results, groups }) => {
    const part = { groups, offset };
    offset += results.length;
    return part;
  });
}

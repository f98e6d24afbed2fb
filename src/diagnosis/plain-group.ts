import type { DifferenceKind, ProposedGroup } from '../model/diagnosis';
import type { DiagnosedResult } from '../model/report';
import { impactOf } from './impact';
import { reportBug } from './report-bug';

const EXAMPLES = 3;

/** Returns the results of a group, the one that stands for it first. */
export function membersOf(indexes: readonly number[], all: readonly DiagnosedResult[]): DiagnosedResult[] {
  const members = indexes.map((i) => all[i]!).sort((a, b) => (a.file < b.file ? -1 : 1));
  // The commonest kind stands for the group: a run that had failed before shows less of the difference.
  const kind = mostCommonKind(members);
  const first = members.find(({ diagnosis }) => diagnosis!.kind === kind)!;
  return [first, ...members.filter((member) => member !== first)];
}

/**
 * Returns a group as far as the diagnoses of its results tell. It has no code, and the remedy is for an error of this package:
 * it stands for the group if the sources could not be looked at.
 *
 * @param typical the result that stands for the group, if that is not one of the commonest kind
 */
export function groupOfDiagnoses(
  indexes: number[],
  all: readonly DiagnosedResult[],
  err?: unknown,
  typical?: DiagnosedResult,
): ProposedGroup {
  const others = membersOf(indexes, all);
  const first = typical ?? others[0]!;
  const members = [first, ...others.filter((member) => member !== first)];
  const { fingerprint, kind, headline, headlineParts, location, callers, locationNote, rows, due } =
    first.diagnosis!;
  const openCount = members.filter(({ diagnosis }) => diagnosis!.isOpen).length;
  const existingCount = members.filter(({ existing }) => existing).length;
  const counts = { verdict: first.verdict, kind, count: members.length, openCount, existingCount };
  const types = new Set(members.flatMap(({ workflowType }) => workflowType ?? []));
  return {
    fingerprint,
    ...counts,
    headline,
    headlineParts,
    acceptedCount: members.filter(({ accepted }) => accepted).length,
    existedBeforeCount: members.some(({ existedBefore }) => existedBefore !== undefined)
      ? members.filter(({ existedBefore }) => existedBefore).length
      : null,
    workflowTypes: [...types].sort(),
    results: indexes,
    examples: members.slice(0, EXAMPLES).map(({ file, workflowId, runId, divergence, drift }) => ({
      file,
      workflowId,
      runId,
      eventId: divergence?.eventId ?? drift[0]?.eventId ?? null,
    })),
    location,
    issuedAt: null,
    callers,
    locationNote,
    cause: null,
    variants: [],
    codeFrame: null,
    rows,
    ...(due && { due }),
    drift: first.drift,
    impact: impactOf({ ...counts, failsRuns: failsRuns(first) }),
    remedies: [reportBug(err)],
  };
}

/** Returns true for a result of code that fails the run with the error that it throws. */
export const failsRuns = ({ error }: DiagnosedResult): boolean => error?.code === 'WORKFLOW_FAILED';

function mostCommonKind(members: readonly DiagnosedResult[]): DifferenceKind {
  const counts = new Map<DifferenceKind, number>();
  for (const { diagnosis } of members) counts.set(diagnosis!.kind, (counts.get(diagnosis!.kind) ?? 0) + 1);
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0];
}

import { fingerprintOf } from '../identity/history-identity';
import type { FailureGroup } from '../../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../../model/report';

/** Marks which of a report's failures are there with the earlier code as well. `then` has the results of those histories. */
export function markExisting(report: DiagnosedReport, then: readonly DiagnosedResult[]): DiagnosedReport {
  const before = new Map(then.map((result) => [result.file, result]));
  const results = report.results.map((result): DiagnosedResult => {
    if (result.verdict === 'compatible') return result;
    const earlier = before.get(result.file);
    return { ...result, existedBefore: earlier !== undefined && isSameFailure(result, earlier) };
  });
  return { ...report, results, groups: report.groups.map((group) => countExisting(group, results)) };
}

function countExisting(group: FailureGroup, results: readonly DiagnosedResult[]): FailureGroup {
  return {
    ...group,
    existedBeforeCount: group.results.filter((index) => results[index]?.existedBefore).length,
  };
}

/** The same cause, or where a moved line or a renamed helper changed the cause's fingerprint, the same difference. */
function isSameFailure(now: DiagnosedResult, then: DiagnosedResult): boolean {
  if (then.verdict !== now.verdict || then.error?.code === 'BUNDLE_FAILED') return false;
  return fingerprintOf(now) === fingerprintOf(then) || differenceOf(now) === differenceOf(then);
}

const differenceOf = ({ divergence, drift, error }: DiagnosedResult): string =>
  JSON.stringify([
    divergence && [divergence.eventId, divergence.recorded, divergence.produced],
    drift.map(({ eventId, path }) => [eventId, path]),
    error,
  ]);

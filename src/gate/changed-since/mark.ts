import { causeFingerprint } from '../identity/cause-fingerprint';
import type { FailureGroup } from '../../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../../model/report';
import { canFailRun } from '../../model/verdict';

/** Marks which of a report's failures occur with the earlier code as well; `earlierResults` are the results of that code. */
export function markExisting(
  report: DiagnosedReport,
  earlierResults: readonly DiagnosedResult[],
): DiagnosedReport {
  const before = new Map(earlierResults.map((result) => [result.file, result]));
  const results = report.results.map((result): DiagnosedResult => {
    if (!canFailRun(result.verdict)) return result;
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

/**
 * Returns true if both results have the same cause, or the same difference: a moved line or a renamed helper changes the
 * fingerprint of a cause but not the difference.
 */
function isSameFailure(now: DiagnosedResult, earlier: DiagnosedResult): boolean {
  if (earlier.verdict !== now.verdict || earlier.error?.code === 'BUNDLE_FAILED') return false;
  return causeFingerprint(now) === causeFingerprint(earlier) || differenceOf(now) === differenceOf(earlier);
}

const differenceOf = ({ divergence, drift, error }: DiagnosedResult): string =>
  JSON.stringify([
    divergence && [divergence.eventId, divergence.recorded, divergence.produced],
    drift.map(({ eventId, path }) => [eventId, path]),
    error,
  ]);

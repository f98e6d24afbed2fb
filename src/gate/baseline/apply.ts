import { dirname } from 'node:path';
import { fingerprintOf, historyNameOf, keyOfName } from '../identity/history-identity';
import type { FailureGroup } from '../../model/diagnosis';
import type { BaselineEntry, DiagnosedReport, DiagnosedResult } from '../../model/report';
import { failsRun, judgesCode } from '../../model/verdict';
import { isExpired } from './expiry';
import { type Baseline, keyOfEntry } from './file';

export interface BaselineContext {
  /** Absolute path of the baseline. */
  path: string;
  /** What the files of the report are relative to. */
  cwd: string;
  /** Drift is a failure. */
  strict: boolean;
  /** `YYYY-MM-DD`, UTC. */
  today: string;
}

/** Marks the known failures of a report, and says which are expired and which no longer occur. */
export function applyBaseline(
  report: DiagnosedReport,
  baseline: Baseline,
  context: BaselineContext & { file: string },
): DiagnosedReport {
  const entries = new Map(baseline.entries.map((entry) => [keyOfEntry(entry), entry]));
  const expired = new Set<BaselineEntry>();
  const results = report.results.map((result): DiagnosedResult => {
    const entry = isFailure(result, context) ? entries.get(failureKeyOf(result, context)) : undefined;
    if (entry === undefined) return result;
    if (!isExpired(entry.expires, context.today))
      return { ...result, accepted: { reason: entry.reason, expires: entry.expires } };
    expired.add(entry);
    return result;
  });
  const stale = staleEntries(report.results, baseline, context);
  return {
    ...report,
    results,
    groups: report.groups.map((group) => countAccepted(group, results)),
    baseline: { file: context.file, expired: [...expired], stale },
  };
}

function countAccepted(group: FailureGroup, results: readonly DiagnosedResult[]): FailureGroup {
  return { ...group, acceptedCount: group.results.filter((index) => results[index]?.accepted).length };
}

/**
 * Returns true if the result is a failure that a baseline can accept. A history that cannot be read is no failure of the code, and
 * code that does not build has no known failures.
 */
export const isFailure = (result: DiagnosedResult, { strict }: Pick<BaselineContext, 'strict'>): boolean =>
  isJudgement(result) && failsRun(result.verdict, { strict });

const isJudgement = ({ verdict, error }: DiagnosedResult): boolean =>
  judgesCode(verdict) && error?.code !== 'BUNDLE_FAILED';

const historyKeyOf = (result: DiagnosedResult, { path, cwd }: BaselineContext): string =>
  keyOfName(historyNameOf(result, { cwd, base: dirname(path) }));

/** As {@link keyOfEntry}. */
export const failureKeyOf = (result: DiagnosedResult, context: BaselineContext): string =>
  `${fingerprintOf(result)} ${historyKeyOf(result, context)}`;

/** Entries whose history was replayed and shows no such failure any more; drift counts as one here in any case. */
export function staleEntries(
  results: readonly DiagnosedResult[],
  baseline: Baseline,
  context: BaselineContext,
): BaselineEntry[] {
  const replayed = new Set(results.filter(isJudgement).map((result) => historyKeyOf(result, context)));
  const occurring = new Set(
    results.filter(({ verdict }) => verdict !== 'compatible').map((result) => failureKeyOf(result, context)),
  );
  return baseline.entries.filter(
    (entry) => replayed.has(keyOfName(entry)) && !occurring.has(keyOfEntry(entry)),
  );
}

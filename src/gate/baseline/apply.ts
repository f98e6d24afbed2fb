import { dirname } from 'node:path';
import { causeFingerprint } from '../identity/cause-fingerprint';
import { historyIdentity, historyKey } from '../identity/history-identity';
import type { FailureGroup } from '../../model/diagnosis';
import type { BaselineEntry, DiagnosedReport, DiagnosedResult } from '../../model/report';
import { canFailRun, isAboutCode, resultFailsRun } from '../../model/verdict';
import { isExpired } from './expiry';
import { type Baseline, entryKey } from './file';

export interface BaselineContext {
  /** Absolute path of the baseline. */
  path: string;
  /** Directory that the files of the report are relative to. */
  cwd: string;
  /** True if drift is a failure. */
  strict: boolean;
  /** True if the failures in which recorded runs were stuck already count. */
  failOnExisting: boolean;
  /** The current date in UTC, as `YYYY-MM-DD`. */
  today: string;
}

/** Marks the known failures of a report, and adds which entries are expired and which no longer occur. */
export function applyBaseline(
  report: DiagnosedReport,
  baseline: Baseline,
  context: BaselineContext & { file: string },
): DiagnosedReport {
  const entries = new Map(baseline.entries.map((entry) => [entryKey(entry), entry]));
  const expired = new Set<BaselineEntry>();
  const results = report.results.map((result): DiagnosedResult => {
    const entry = isFailure(result, context) ? entries.get(failureKey(result, context)) : undefined;
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
 * Returns true if the result is a failure that a baseline can accept. A history that cannot be read, or whose
 * payloads cannot be decoded, is no failure of the code, and code that does not build has no known failures.
 */
export const isFailure = (
  result: DiagnosedResult,
  options: Pick<BaselineContext, 'strict' | 'failOnExisting'>,
): boolean => isJudgement(result) && resultFailsRun(result, options);

const isJudgement = (result: DiagnosedResult): boolean =>
  isAboutCode(result) && result.error?.code !== 'BUNDLE_FAILED';

const historyKeyOfResult = (result: DiagnosedResult, { path, cwd }: BaselineContext): string =>
  historyKey(historyIdentity(result, { cwd, base: dirname(path) }));

/** Returns the key of the result's failure: the {@link entryKey} of the entry that accepts it. */
export const failureKey = (result: DiagnosedResult, context: BaselineContext): string =>
  `${causeFingerprint(result)} ${historyKeyOfResult(result, context)}`;

/**
 * Returns the entries whose history was replayed and no longer shows their failure. Drift counts as a failure here even without
 * `strict`, so that a run without it does not drop what a strict run accepts.
 */
export function staleEntries(
  results: readonly DiagnosedResult[],
  baseline: Baseline,
  context: BaselineContext,
): BaselineEntry[] {
  const replayed = new Set(results.filter(isJudgement).map((result) => historyKeyOfResult(result, context)));
  const occurring = new Set(
    results.filter(({ verdict }) => canFailRun(verdict)).map((result) => failureKey(result, context)),
  );
  return baseline.entries.filter(
    (entry) => replayed.has(historyKey(entry)) && !occurring.has(entryKey(entry)),
  );
}

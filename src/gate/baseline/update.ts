import { dirname } from 'node:path';
import { TemporalReplayError } from '../../errors';
import { fingerprintOf, historyNameOf } from '../identity/history-identity';
import type { BaselineEntry, DiagnosedReport, DiagnosedResult } from '../../model/report';
import { type BaselineContext, failureKeyOf, isFailure, staleEntries } from './apply';
import { isExpired } from './expiry';
import { type Baseline, keyOfEntry } from './file';

export interface BaselineUpdate {
  baseline: Baseline;
  added: BaselineEntry[];
  /** Expired ones that occur and are accepted anew. */
  renewed: BaselineEntry[];
  /** Still accepted, with the reason and expiry that they had. */
  kept: BaselineEntry[];
  /** Kept as they are, and failing the run: no reason was given to accept them anew. */
  expired: BaselineEntry[];
  /** They no longer occur. */
  dropped: BaselineEntry[];
  /** Kept as they are: their history was not judged in this run. */
  unseen: BaselineEntry[];
}

/**
 * The baseline that accepts what the report shows.
 *
 * @param given the reason of new failures, and the date to which they are accepted
 * @throws USAGE where there are new failures and no reason; BUNDLE_FAILED where the code does not build
 */
export function updateBaseline(
  old: Baseline,
  report: DiagnosedReport,
  context: BaselineContext,
  given: { reason: string | null; expires: string },
): BaselineUpdate {
  refuseBrokenBundle(report.results);
  const { reason, expires } = given;
  const known = new Map(old.entries.map((entry) => [keyOfEntry(entry), entry]));
  const failures = new Map(
    report.results
      .filter((result) => isFailure(result, context))
      .map((result) => [failureKeyOf(result, context), result]),
  );
  const news = [...failures].filter(([key]) => !known.has(key)).map(([, result]) => result);
  if (news.length > 0 && reason === null) throw reasonMissing(news);

  const dropped = staleEntries(report.results, old, context);
  const remaining = old.entries.filter((entry) => !dropped.includes(entry));
  const occurring = remaining.filter((entry) => failures.has(keyOfEntry(entry)));
  const [expired, kept] = [true, false].map((wanted) =>
    occurring.filter((entry) => isExpired(entry.expires, context.today) === wanted),
  ) as [BaselineEntry[], BaselineEntry[]];
  const renewed = reason === null ? [] : expired.map((entry) => ({ ...entry, reason, expires }));
  const added = news.map((result) => entryOf(result, context, { reason: reason!, expires }));
  const unseen = remaining.filter((entry) => !occurring.includes(entry));
  const stillExpired = reason === null ? expired : [];
  const entries = [...added, ...renewed, ...kept, ...stillExpired, ...unseen];
  return {
    baseline: { schemaVersion: 1, entries },
    added,
    renewed,
    kept,
    expired: stillExpired,
    dropped,
    unseen,
  };
}

function refuseBrokenBundle(results: readonly DiagnosedResult[]): void {
  const broken = results.find(({ error }) => error?.code === 'BUNDLE_FAILED');
  if (broken) throw new TemporalReplayError('BUNDLE_FAILED', `Nothing is accepted: ${broken.error!.message}`);
}

function reasonMissing(news: readonly DiagnosedResult[]): TemporalReplayError {
  const what = news.length === 1 ? 'One failure is' : `${news.length} failures are`;
  return new TemporalReplayError(
    'USAGE',
    `${what} not in the baseline yet, and there is no reason to accept ${news.length === 1 ? 'it' : 'them'}.`,
    {
      hint: 'Give --reason "why this is accepted for now".',
    },
  );
}

function entryOf(
  result: DiagnosedResult,
  { path, cwd }: BaselineContext,
  given: { reason: string; expires: string },
): BaselineEntry {
  return {
    fingerprint: fingerprintOf(result),
    workflowType: result.workflowType,
    ...historyNameOf(result, { cwd, base: dirname(path) }),
    verdict: result.verdict,
    headline: result.diagnosis?.headline ?? null,
    ...given,
  };
}

import { dirname } from 'node:path';
import { TemporalReplayError } from '../../errors';
import { causeFingerprint } from '../identity/cause-fingerprint';
import { historyIdentity } from '../identity/history-identity';
import type { BaselineEntry, DiagnosedReport, DiagnosedResult } from '../../model/report';
import { type BaselineContext, failureKey, isFailure, staleEntries } from './apply';
import { isExpired } from './expiry';
import { type Baseline, entryKey } from './file';

export interface BaselineUpdate {
  baseline: Baseline;
  /** Entries of new failures. */
  added: BaselineEntry[];
  /** Expired entries whose failure still occurs, with the new reason and expiry. */
  renewed: BaselineEntry[];
  /** Entries that are not expired and whose failure still occurs, unchanged. */
  kept: BaselineEntry[];
  /** Expired entries whose failure still occurs, unchanged because no reason was given. They still fail a run. */
  expired: BaselineEntry[];
  /** Entries whose failure no longer occurs. */
  dropped: BaselineEntry[];
  /** Entries whose history was not judged in this run, unchanged. */
  unseen: BaselineEntry[];
}

/**
 * Returns the baseline that accepts the failures of the report, and what changed in it.
 *
 * @param given `reason`: the reason to accept new failures; `expires`: the last day on which they are accepted
 * @throws USAGE if there are new failures and no reason; BUNDLE_FAILED if the code does not build
 */
export function updateBaseline(
  old: Baseline,
  report: DiagnosedReport,
  context: BaselineContext,
  given: { reason: string | null; expires: string },
): BaselineUpdate {
  refuseBrokenBundle(report.results);
  const { reason, expires } = given;
  const known = new Map(old.entries.map((entry) => [entryKey(entry), entry]));
  const failures = new Map(
    report.results
      .filter((result) => isFailure(result, context))
      .map((result) => [failureKey(result, context), result]),
  );
  const news = [...failures].filter(([key]) => !known.has(key)).map(([, result]) => result);
  if (news.length > 0 && reason === null) throw reasonMissing(news);

  const dropped = staleEntries(report.results, old, context);
  const remaining = old.entries.filter((entry) => !dropped.includes(entry));
  const occurring = remaining.filter((entry) => failures.has(entryKey(entry)));
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
    fingerprint: causeFingerprint(result),
    workflowType: result.workflowType,
    ...historyIdentity(result, { cwd, base: dirname(path) }),
    verdict: result.verdict,
    headline: result.diagnosis?.headline ?? null,
    ...given,
  };
}

import {
  type DifferenceKind,
  FAILED_REASONS,
  type FailureGroup,
  type ProposedGroup,
  type ProposedRemedy,
  type Remedy,
  type RemedyChange,
  type UntriedReason,
  hasPassedTrial,
} from '../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import { type TrialOutcome, type Trials, tryChange } from './try-change';

/** Tries the changes of all remedies, and returns the groups with those that passed. The others become words. */
export async function tryRemedies(
  groups: readonly ProposedGroup[],
  report: DiagnosedReport,
  trials: Trials,
): Promise<FailureGroup[]> {
  const tried = groups.map((): Remedy[] => []);
  const ranks = Math.max(0, ...groups.map(({ remedies }) => remedies.length));
  // The best remedy of every group comes before the second best of any, in case the time does not suffice for all.
  for (let rank = 0; rank < ranks; rank++)
    for (const [n, group] of groups.entries()) {
      const proposed = group.remedies[rank];
      if (proposed) tried[n]!.push(await triedRemedy(proposed, membersOf(group, report), report, trials));
    }
  return groups.map((group, n) => ({ ...group, remedies: bestFirst(group, tried[n]!) }));
}

/** Returns the groups with remedies that are words, since nothing was tried. */
export const untriedGroups = (groups: readonly ProposedGroup[], reason: UntriedReason): FailureGroup[] =>
  groups.map((group) => ({
    ...group,
    remedies: group.remedies.map((proposed) =>
      proposed.edits.length === 0 ? asIs(proposed) : { ...inWords(proposed), trial: untried(reason) },
    ),
  }));

const membersOf = (group: FailureGroup, { results }: DiagnosedReport): DiagnosedResult[] =>
  group.results.map((index) => results[index]!);

async function triedRemedy(
  proposed: ProposedRemedy,
  members: readonly DiagnosedResult[],
  report: DiagnosedReport,
  trials: Trials,
): Promise<Remedy> {
  if (proposed.edits.length === 0) return asIs(proposed);
  const { alternatives, ...remedy } = proposed;
  let failed: FailedTrial | null = null;
  for (const written of [pick(proposed), ...alternatives]) {
    const change = await trials.inStyle(written);
    const trial = await tryChange(change.edits, members, report, trials, {
      // A patch is there to keep the new way for new runs; other remedies may change that way.
      keepsNewRuns: remedy.code === 'patch',
    });
    if (trial.outcome === 'passed') return { ...remedy, ...change, trial };
    if (trial.outcome === 'untried') return { ...inWords(proposed), trial };
    failed = closer(failed, trial);
  }
  return { ...inWords(proposed), trial: failed };
}

type FailedTrial = Extract<TrialOutcome, { outcome: 'failed' }>;

/** Returns the trials as one, with the reason of that which came closest. */
function closer(a: FailedTrial | null, b: FailedTrial): FailedTrial {
  if (!a) return b;
  const rank = ({ reason }: FailedTrial): number => (reason ? FAILED_REASONS.indexOf(reason) : -1);
  return { ...(rank(b) > rank(a) ? b : a), tried: a.tried + b.tried };
}

const pick = ({ snippet, edits }: RemedyChange): RemedyChange => ({ snippet, edits });

const untried = (reason: UntriedReason): TrialOutcome => ({ outcome: 'untried', reason });

const asIs = ({ alternatives: _, ...remedy }: ProposedRemedy): Remedy => remedy;

const inWords = (proposed: ProposedRemedy): Remedy => ({ ...asIs(proposed), snippet: null, edits: [] });

/** Kinds of difference for which a decision or another repair comes before a patch, even if the patch passed. */
const DECIDED_IN_WORDS: readonly DifferenceKind[] = ['drift', 'threw'];

/** Returns the remedies with those first that passed. */
function bestFirst({ kind }: ProposedGroup, remedies: readonly Remedy[]): Remedy[] {
  const kept = DECIDED_IN_WORDS.includes(kind) && remedies[0]?.trial === null ? 1 : 0;
  const others = remedies.slice(kept);
  return [
    ...remedies.slice(0, kept),
    ...others.filter(hasPassedTrial),
    ...others.filter((remedy) => !hasPassedTrial(remedy)),
  ];
}

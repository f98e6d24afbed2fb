import { causeKey } from '../../diagnosis/group-by-cause';
import { impactOf } from '../../diagnosis/impact';
import type { CauseVariant, FailureGroup } from '../../model/diagnosis';
import { VERDICTS } from '../../model/verdict';
import { mergeRemedies } from './merge-remedies';

/** The groups of one report. */
export interface PartOfGroups {
  groups: readonly FailureGroup[];
  /** Number of results of the reports before it. */
  offset: number;
}

const EXAMPLES = 3;

/** Returns the groups of several reports, those with one cause as one group: the gravest verdict first, then the largest. */
export function mergeGroups(parts: readonly PartOfGroups[]): FailureGroup[] {
  const merged: { keys: Set<string>; groups: FailureGroup[] }[] = [];
  for (const { groups, offset } of parts)
    for (const group of groups) {
      const moved = { ...group, results: group.results.map((index) => index + offset) };
      const keys = keysOf(group);
      const same = merged.find((each) => keys.some((key) => each.keys.has(key)));
      if (same === undefined) merged.push({ keys: new Set(keys), groups: [moved] });
      else {
        same.groups.push(moved);
        for (const key of keys) same.keys.add(key);
      }
    }
  const rank = ({ verdict }: FailureGroup): number => VERDICTS[verdict].rank;
  return merged
    .map(({ groups }) => mergeGroup(groups))
    .sort((a, b) => rank(a) - rank(b) || b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : 1));
}

/** Returns what groups of one cause have in common: a fingerprint, or the change behind it. */
function keysOf({ verdict, fingerprint, variants, cause }: FailureGroup): string[] {
  const level = VERDICTS[verdict].fails;
  const changed = cause?.proven && cause.hunks.length > 0 ? [causeKey(cause)] : [];
  return [fingerprint, ...variants.map((variant) => variant.fingerprint), ...changed].map(
    (key) => `${level} ${key}`,
  );
}

function mergeGroup(groups: readonly FailureGroup[]): FailureGroup {
  const [main, ...others] = [...groups].sort(
    (a, b) =>
      VERDICTS[a.verdict].rank - VERDICTS[b.verdict].rank ||
      Number(b.cause?.proven ?? false) - Number(a.cause?.proven ?? false) ||
      b.count - a.count,
  ) as [FailureGroup, ...FailureGroup[]];
  if (others.length === 0) return main;
  const total = (of: (group: FailureGroup) => number): number =>
    groups.reduce((sum, group) => sum + of(group), 0);
  const counts = {
    count: total(({ count }) => count),
    openCount: total(({ openCount }) => openCount),
    acceptedCount: total(({ acceptedCount }) => acceptedCount),
    existingCount: total(({ existingCount }) => existingCount),
    existedBeforeCount: groups.some(({ existedBeforeCount }) => existedBeforeCount !== null)
      ? total(({ existedBeforeCount }) => existedBeforeCount ?? 0)
      : null,
  };
  const merged = {
    ...main,
    ...counts,
    workflowTypes: [...new Set(groups.flatMap(({ workflowTypes }) => workflowTypes))].sort(),
    results: groups.flatMap(({ results }) => results).sort((a, b) => a - b),
    examples: [main, ...others].flatMap(({ examples }) => examples).slice(0, EXAMPLES),
    variants: mergedVariants(main, others),
    remedies: mergeRemedies(
      main.remedies,
      others.map(({ remedies }) => remedies),
    ),
  };
  return { ...merged, impact: mergedImpact(main, merged) };
}

/** Returns the impact with the counts of all, unless that of the group says more than counts do. */
const mergedImpact = (main: FailureGroup, merged: FailureGroup): string =>
  main.impact === impactOf(main) ? impactOf(merged) : main.impact;

/** Returns the differences other than that of the main group, with the counts of all. */
function mergedVariants(main: FailureGroup, others: readonly FailureGroup[]): CauseVariant[] {
  const merged = new Map<string, CauseVariant>();
  const all = [...main.variants, ...others.flatMap((group) => [ownVariant(group), ...group.variants])];
  for (const variant of all) {
    if (variant.fingerprint === main.fingerprint) continue;
    const known = merged.get(variant.fingerprint);
    const eventIds = [known?.eventId, variant.eventId].filter((id) => typeof id === 'number');
    merged.set(variant.fingerprint, {
      ...(known ?? variant),
      eventId: eventIds.length === 0 ? null : Math.min(...eventIds),
      count: variant.count + (known?.count ?? 0),
    });
  }
  return [...merged.values()].sort((a, b) => b.count - a.count);
}

/** Returns the difference that a group is named by. */
function ownVariant({
  fingerprint,
  kind,
  headline,
  headlineParts,
  count,
  variants,
  examples,
}: FailureGroup): CauseVariant {
  const ofOthers = variants.reduce((sum, variant) => sum + variant.count, 0);
  return {
    fingerprint,
    kind,
    headline,
    headlineParts,
    eventId: examples[0]?.eventId ?? null,
    count: count - ofOthers,
  };
}

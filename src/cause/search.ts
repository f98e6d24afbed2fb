import type { FileHunk } from '../model/cause';
import { withNeeded } from './companions';
import { type Outcome, isAtLeast } from './outcome';
import { smallestSubset } from './smallest-subset';
import { type CauseSubject, OutOfTime, type ReplaysWithout } from './trials';
import { type Unit, type UnitSources, byLikelihood } from './units';

/** Number of units that are taken back one at a time before the others are halved. */
const SINGLES = 3;

/** The changed passages that break the histories of subjects, by fingerprint. */
export interface FoundHunks {
  found: Map<string, FileHunk[]>;
  /** The changes that are likeliest to break those whose turn did not come. */
  likely: Map<string, FileHunk[]>;
  /** True if the time was over before all were found. */
  outOfTime: boolean;
}

/**
 * Finds for each subject the smallest set of changes without which its histories do not break. Subjects that break without
 * any of the changes are left out.
 */
export async function searchHunks(
  subjects: readonly CauseSubject[],
  units: readonly Unit[],
  replays: ReplaysWithout,
  sources: UnitSources,
): Promise<FoundHunks> {
  const found = new Map<string, FileHunk[]>();
  let open = [...subjects];
  const settle = async (unit: Unit, wanted: (subject: CauseSubject) => Outcome): Promise<void> => {
    const mended: CauseSubject[] = [];
    for (const subject of open)
      if (isAtLeast(await replays.outcome(subject, unit, open), wanted(subject))) mended.push(subject);
    for (const { fingerprint } of mended) found.set(fingerprint, [...unit]);
    open = open.filter((subject) => !mended.includes(subject));
  };
  try {
    const ordered = byLikelihood(withNeeded(units, sources), open, sources);
    if (ordered.length > 0) await settle(ordered[0]!, () => 'mended');
    const wanted = new Map<CauseSubject, Outcome>();
    for (const subject of open) wanted.set(subject, await replays.outcome(subject, units.flat(), open));
    open = open.filter((subject) => wanted.get(subject) !== 'broken');
    const tried = new Set(ordered.slice(0, 1));
    for (let n = 1; n < SINGLES && open.length > 0; n++) {
      const next = byLikelihood(ordered, open, sources).find((unit) => !tried.has(unit));
      if (!next || tried.size + 1 > ordered.length) break;
      tried.add(next);
      await settle(next, (subject) => wanted.get(subject)!);
    }
    for (const subject of open) {
      const passes = async (part: readonly Unit[]): Promise<boolean> =>
        isAtLeast(await replays.outcome(subject, unique(part.flat()), open), wanted.get(subject)!);
      found.set(subject.fingerprint, unique((await smallestSubset(ordered, passes)).flat()));
    }
    await refine(subjects, found, replays);
    return { found, likely: new Map(), outOfTime: false };
  } catch (err) {
    if (!(err instanceof OutOfTime)) throw err;
    const left = open.filter(({ fingerprint }) => !found.has(fingerprint));
    return { found, likely: likelyHunks(left, units, replays, sources), outOfTime: true };
  }
}

const unique = (hunks: readonly FileHunk[]): FileHunk[] => [...new Set(hunks)];

/** Returns for each subject the likeliest change that was not seen to have no effect on it. */
function likelyHunks(
  subjects: readonly CauseSubject[],
  units: readonly Unit[],
  replays: ReplaysWithout,
  sources: UnitSources,
): Map<string, FileHunk[]> {
  const likely = new Map<string, FileHunk[]>();
  for (const subject of subjects) {
    const ordered = byLikelihood(withNeeded(units, sources), [subject], sources);
    if (replays.knownOutcome(subject, unique(ordered.flat())) === 'broken') continue;
    const unit = ordered.find((each) => replays.knownOutcome(subject, each) !== 'broken');
    if (unit) likely.set(subject.fingerprint, [...unit]);
  }
  return likely;
}

/** Number of passages up to which those of one cause are tried one by one. */
const MAX_REFINED = 12;

/** Leaves passages out of causes that stand near the changed ones without being needed. */
async function refine(
  subjects: readonly CauseSubject[],
  found: Map<string, FileHunk[]>,
  replays: ReplaysWithout,
): Promise<void> {
  for (const subject of subjects) {
    const hunks = found.get(subject.fingerprint);
    if (!hunks || hunks.length === 1 || hunks.length > MAX_REFINED) continue;
    const wanted = await replays.outcome(subject, hunks);
    const passes = async (part: readonly FileHunk[]): Promise<boolean> =>
      isAtLeast(await replays.outcome(subject, part), wanted);
    const needed = await smallestSubset(hunks, passes);
    found.set(subject.fingerprint, needed);
    found.set(subject.fingerprint, await firstBreakingFirst(needed, subject, replays));
  }
}

/** Number of passages of one cause up to which it is found out which of them breaks a history first. */
const MAX_ORDERED = 3;

/** Returns passages with those first without which a history breaks at a later event: at the others. */
async function firstBreakingFirst(
  hunks: readonly FileHunk[],
  subject: CauseSubject,
  replays: ReplaysWithout,
): Promise<FileHunk[]> {
  const first: FileHunk[] = [];
  if (hunks.length > 1 && hunks.length <= MAX_ORDERED)
    for (const hunk of hunks) if ((await replays.outcome(subject, [hunk])) === 'later') first.push(hunk);
  return [...first, ...hunks.filter((hunk) => !first.includes(hunk))];
}

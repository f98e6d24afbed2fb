import { dirname } from 'node:path';
import type { FileHunk, FoundCause } from '../model/cause';
import { isOwnSource } from '../source/own-source';
import { parseSource } from '../source/parse';
import { readTextFile } from '../util/read-text-file';
import { type CauseBase, basesOf, repositoryOf } from './bases';
import { changedCode, isInside } from './changed-code';
import { changedPackages } from './changed-packages';
import { isCompanion } from './companions';
import { searchHunks } from './search';
import { type CauseSubject, type CauseTrials, ReplaysWithout } from './trials';
import { type UnitSources, unitsOf } from './units';

export type { CauseSubject, CauseTrials } from './trials';

/** The code whose changes may be causes. */
export interface ReplayedFiles {
  /** Absolute paths of the files of the bundles. */
  inputs: readonly string[];
  /** Full hash of the commit to compare with; null to choose one. */
  since: string | null;
}

/**
 * Finds the changes that make histories break, by replaying some of them without each. Returns the causes by the
 * fingerprints of their subjects; a subject without one breaks for a reason that git does not know.
 */
export async function findCauses(
  subjects: readonly CauseSubject[],
  { inputs, since }: ReplayedFiles,
  trials: CauseTrials,
): Promise<Map<string, FoundCause>> {
  const causes = new Map<string, FoundCause>();
  const own = inputs.filter(isOwnSource);
  const places = subjects.flatMap((subject) => subject.places.slice(0, 1).map(({ file }) => file));
  const root = (await rootOf(places)) ?? (await rootOf(own));
  if (root === null || subjects.length === 0) return causes;
  const sources = sourcesOnDisk();
  let open = [...subjects];
  const files = [...new Set(subjects.flatMap(({ places }) => places.map(({ file }) => file)))];
  const inside = files.filter((file) => isInside(file, root));
  const compared: CauseBase[] = [];
  let isOver = false;
  for await (const base of basesOf(root, inside, since)) {
    if (trials.signal.aborted) break;
    compared.push(base);
    const hunks = await changedCode(base, new Set(own), sources.textOf);
    const companions = hunks.filter((hunk) => isCompanion(hunk, sources));
    const units = unitsOf(
      hunks.filter((hunk) => !companions.includes(hunk)),
      sources,
    );
    if (units.length === 0) continue;
    const replays = new ReplaysWithout(trials, sources.textOf, companions);
    const { found, likely, outOfTime } = await searchHunks(open, units, replays, sources);
    const add = (some: ReadonlyMap<string, FileHunk[]>, proven: boolean): void => {
      for (const [fingerprint, of] of some)
        causes.set(fingerprint, { proven, since: base.commit, hunks: of, packages: [], changes: hunks });
    };
    add(likely, false);
    add(found, true);
    open = open.filter(({ fingerprint }) => !causes.has(fingerprint));
    isOver = outOfTime || trials.signal.aborted;
    if (isOver || open.length === 0) break;
  }
  const packages = isOver || open.length === 0 ? null : await firstChangedPackages(compared, inputs);
  if (packages) for (const { fingerprint } of open) causes.set(fingerprint, packages);
  return causes;
}

/** Returns the packages that changed since the first commit since which any did, as a cause that is not proven. */
async function firstChangedPackages(
  bases: readonly CauseBase[],
  inputs: readonly string[],
): Promise<FoundCause | null> {
  for (const base of bases) {
    const packages = await changedPackages(base, inputs);
    if (packages.length > 0) return { proven: false, since: base.commit, hunks: [], packages, changes: [] };
  }
  return null;
}

/** Returns the repository of most of the files. */
async function rootOf(files: readonly string[]): Promise<string | null> {
  const directories = new Map<string, number>();
  for (const file of files) directories.set(dirname(file), (directories.get(dirname(file)) ?? 0) + 1);
  const [most] = [...directories].sort((a, b) => b[1] - a[1]);
  return most ? repositoryOf(most[0]) : null;
}

function sourcesOnDisk(): UnitSources {
  const texts = new Map<string, string | null>();
  const syntaxes = new Map<string, ReturnType<typeof parseSource>>();
  const textOf = (file: string): string | null => {
    if (!texts.has(file)) texts.set(file, readTextFile(file));
    return texts.get(file)!;
  };
  return {
    textOf,
    syntaxOf(file) {
      if (!syntaxes.has(file)) syntaxes.set(file, parseSource(textOf(file) ?? '', file));
      return syntaxes.get(file)!;
    },
  };
}

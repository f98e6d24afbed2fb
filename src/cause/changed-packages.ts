import { basename, join } from 'node:path';
import type { ChangedPackage } from '../model/cause';
import { readTextFile } from '../util/read-text-file';
import type { CauseBase } from './bases';
import { gitOutput } from '../util/git-output';
import { LOCK_FILES, type Versions } from './lock-files';

/** Returns the packages of a bundle whose versions changed according to the lock files. */
export async function changedPackages(
  { root, commit }: CauseBase,
  inputs: readonly string[],
): Promise<ChangedPackage[]> {
  const names = Object.keys(LOCK_FILES).map((name) => `:(top,glob)**/${name}`);
  const listed = await gitOutput(root, ['diff', '--name-only', '--no-renames', '-z', commit, '--', ...names]);
  const bundled = new Set(inputs.flatMap((file) => packageOf(file) ?? []));
  const changed: ChangedPackage[] = [];
  for (const file of (listed ?? '').split('\0').filter(Boolean)) {
    const before = versionsIn(await gitOutput(root, ['show', `${commit}:${file}`]), file);
    const now = versionsIn(readTextFile(join(root, file)), file);
    if (before && now) changed.push(...differences(before, now).filter(({ name }) => bundled.has(name)));
  }
  return changed;
}

/** Returns the name of the package that a file belongs to, or null. */
function packageOf(file: string): string | null {
  const inside = file.split(/[\\/]node_modules[\\/]/);
  return inside.length < 2
    ? null
    : (/^(@[^\\/]+[\\/])?[^\\/]+/.exec(inside.at(-1)!)?.[0].replace('\\', '/') ?? null);
}

function versionsIn(text: string | null, file: string): Versions | null {
  try {
    return text === null ? null : LOCK_FILES[basename(file)]!(text);
  } catch {
    return null;
  }
}

function differences(before: Versions, now: Versions): ChangedPackage[] {
  return [...new Set([...before.keys(), ...now.keys()])].sort().flatMap((name) => {
    const [old, current] = [before, now].map((versions) => [...(versions.get(name) ?? [])].sort().join(', '));
    return old === current ? [] : [{ name, before: old || null, now: current || null }];
  });
}

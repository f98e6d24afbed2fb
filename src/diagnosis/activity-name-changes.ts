import { linesNow } from '../cause/code-lines';
import type { FileHunk, FoundCause } from '../model/cause';
import type { RemedyChange, ReplayTrace } from '../model/diagnosis';
import { type RenamedActivity, callByOldNames } from '../patching/renamed-activities';
import type { BundledSources } from '../source/bundled-sources';
import { isIdentifier } from '../source/names-in-code';
import { isCalled } from './calls';
import { changeBetween } from './cause-changes';

/**
 * Returns the activity that the code calls by another name only; null if the difference is another one. Names that are not alike may
 * be those of two activities: a trial tells.
 */
export function renamedActivityOf(
  { kind, recorded, produced }: ReplayTrace,
  sources: BundledSources,
): RenamedActivity | null {
  const [old, now] = [recorded?.name, produced?.name];
  const isActivity = recorded?.kind === 'activity' || recorded?.kind === 'localActivity';
  if ((kind !== 'renamed' && kind !== 'replaced') || !isActivity || recorded.kind !== produced?.kind)
    return null;
  if (!old || !now || old === now || !isIdentifier(old) || !isIdentifier(now)) return null;
  return isCalled(old, sources) ? null : { old, now };
}

/**
 * Returns the changes that call a renamed activity by its old name in runs from before the patch: that activity alone, and all that
 * git knows to have been renamed along with it.
 */
export function activityNamesBehindPatch(
  trace: ReplayTrace,
  patchId: string,
  sources: BundledSources,
  cause: FoundCause | null,
): RemedyChange[] {
  const renamed = renamedActivityOf(trace, sources);
  if (!renamed) return [];
  const others = namesReplacedIn(cause?.changes ?? [], sources).filter(
    ({ old, now }) =>
      old !== renamed.old && now !== renamed.now && !isCalled(old, sources) && isCalled(now, sources),
  );
  const sets = others.length > 0 ? [[renamed, ...others], [renamed]] : [[renamed]];
  return sets.flatMap((renames) => changeOf(renames, patchId, sources) ?? []);
}

/** Returns the change that calls a renamed activity by its old name in all runs; null if it cannot be expressed. */
export function activityNameOfBefore(trace: ReplayTrace, sources: BundledSources): RemedyChange | null {
  const renamed = renamedActivityOf(trace, sources);
  return renamed && changeOf([renamed], null, sources);
}

function changeOf(
  renames: readonly RenamedActivity[],
  patchId: string | null,
  sources: BundledSources,
): RemedyChange | null {
  const code = { files: sources.files(), textOf: (file: string) => sources.textOf(file) };
  const texts = callByOldNames(code, renames, patchId);
  return texts && changeBetween(texts, sources);
}

const NAME = /[A-Za-z_$][\w$]*/g;

const namesIn = (text: string): string[] => [...text.matchAll(NAME)].map(([name]) => name);

/** Returns the names that stand in the place of others in passages that are the same but for names. */
function namesReplacedIn(hunks: readonly FileHunk[], sources: BundledSources): RenamedActivity[] {
  const replaced = new Map<string, string>();
  for (const hunk of hunks) {
    const now = linesNow(hunk, sources.textOf(hunk.file)?.split('\n') ?? []).join('\n');
    const before = hunk.before.join('\n');
    if (now.replace(NAME, '_') !== before.replace(NAME, '_')) continue;
    const olds = namesIn(before);
    for (const [n, name] of namesIn(now).entries()) if (name !== olds[n]) replaced.set(name, olds[n]!);
  }
  return [...replaced].map(([now, old]) => ({ old, now }));
}

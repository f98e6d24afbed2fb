import { distance } from 'fastest-levenshtein';
import type { Remedy, ReplayTrace, TracedCommand } from '../model/diagnosis';
import { lastChangesOf } from './last-changes';
import { patchCodeFor } from './patch-code';
import { patchIdsIn, patchIdsOf } from './patch-ids';
import { type RemedyContext, remedy } from './remedy';
import { dedent } from './text-edits';

/** Returns the remedy that puts the change behind `patched()`. */
export async function wrapInPatch({ trace, place, callers, sources }: RemedyContext): Promise<Remedy> {
  const patchId = patchIdFor(trace, patchIdsOf(sources));
  const code = await patchCodeFor(trace, place ? [place, ...callers] : [], patchId, sources);
  const isRepeated = code.edits.length === 0 && trace.isShared[0];
  return remedy(
    'patch',
    `Wrap the change in patched('${patchId}')`,
    'Runs that came past this place before the change take the old way, new runs the new one. When no run from before is left, replace patched() by deprecatePatch(), and later remove that too.' +
      (isRepeated
        ? ' Commands that are as recorded come from this line, too: what has to go behind patched() is what makes it run once more.'
        : ''),
    code,
  );
}

/** Returns an id that is not taken yet: `add-send-email`, `remove-book-pickup`, `charge-payment-to-refund-payment`. */
function patchIdFor({ kind, recorded, produced }: ReplayTrace, taken: readonly string[]): string {
  const [old, now] = [slug(recorded), slug(produced)];
  const id =
    kind === 'added'
      ? `add-${now}`
      : kind === 'removed'
        ? `remove-${old}`
        : kind === 'moved'
          ? `move-${old || now}`
          : kind === 'renamed' && old === now
            ? `new-id-of-${now}`
            : `${[...new Set([old, now])].filter(Boolean).join('-to-') || 'change'}`;
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? id : `${id}-${n}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

/** Returns the text of a command that a patch id is made of: an activity goes by its name, a timer by its kind. */
function slugSource({ kind, name, words }: TracedCommand): string {
  if (kind === 'activity' || kind === 'localActivity') return name ?? '';
  return kind.startsWith('timer') ? kind : words;
}

const slug = (command: ReplayTrace['recorded']): string => {
  if (!command) return '';
  return slugSource(command)
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-|-$/g, '');
};

/** Returns the remedy for a run from before a patch whose `patched()` call, with the run's branch, the last change removed. */
export async function keepRemovedBranch({ place, callers, sources }: RemedyContext): Promise<Remedy | null> {
  const inCode = patchIdsOf(sources);
  for (const { file } of place ? [place, ...callers] : [])
    for (const { before } of await lastChangesOf(file)) {
      const id = patchIdsIn(before.join('\n')).find((candidate) => !inCode.includes(candidate));
      if (id === undefined) continue;
      return remedy(
        'keep-patch',
        `Keep patched('${id}')`,
        `Runs from before the patch '${id}' take its other branch: the call and that branch may go only when none of these runs is left.`,
        { snippet: dedent(before.join('\n')) },
      );
    }
  return null;
}

/** Returns the remedies for a patch that the history has a marker of and the code no longer calls. */
export function keepRemovedPatch({ trace, sources }: RemedyContext): Remedy[] {
  const id = trace.recorded?.name ?? '';
  const near = patchIdsOf(sources).find(
    (other) => other !== id && trace.removed.length > 1 && areAlike(other, id),
  );
  const keep = remedy(
    'keep-patch',
    `Keep patched('${id}')`,
    `Runs that are open have recorded the patch '${id}': the call may go only when none of them is left.`,
    { snippet: `if (patched('${id}')) {\n  // the new way\n} else {\n  // the old way\n}` },
  );
  const deprecate = remedy(
    'deprecate-patch',
    `Put deprecatePatch('${id}') in its place`,
    'If no run from before the patch is left, the old way can go, but the call has to stay as deprecatePatch() until no run with the marker is left.',
    { snippet: `deprecatePatch('${id}');` },
  );
  const rename = remedy(
    'rename-back',
    `Rename the patch back to '${id}'`,
    'The id of a patch is part of the history: under another id it is another patch, and runs with the old marker take the old way.',
    { snippet: `patched('${id}')` },
  );
  return [...(near ? [rename] : []), keep, deprecate];
}

const areAlike = (a: string, b: string): boolean => distance(a, b) <= Math.max(a.length, b.length) * 0.75;

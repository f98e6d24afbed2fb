import { basename, extname } from 'node:path';
import { editDistance } from '../util/nearest-name';
import type { FoundCause } from '../model/cause';
import type { BundledSources } from '../source/bundled-sources';
import { isPlainText, withLiteralsRenamed } from '../source/names-in-code';
import type { SourceLocation } from '../model/source';
import type { ProposedRemedy, RemedyChange, ReplayTrace, TracedCommand } from '../model/diagnosis';
import { renamedActivityOf } from './activity-name-changes';
import { isCalled } from './calls';
import { type Hunk, lastChangesOf } from './last-changes';
import { patchChangesFor, withoutSharedFiles } from './patch-code';
import { patchIdsIn, patchIdsOf } from './patch-ids';
import { workflowCallIn } from '../patching/workflow-call';
import { relativeFile } from '../source/relative-location';
import { type RemedyContext, remedy } from './remedy';
import { dedent } from '../patching/text-edits';

/** Returns the remedy that puts the change behind `patched()`. */
export async function wrapInPatch({
  trace,
  place,
  callers,
  sources,
  cause,
  cwd,
}: RemedyContext): Promise<ProposedRemedy> {
  const patchId = patchIdFor(trace, place, sources);
  const found = await patchChangesFor(trace, place ? [place, ...callers] : [], patchId, sources, cause);
  const { changes, sharedWith } = await withoutSharedFiles(found, sources);
  const isRepeated = changes.length === 0 && trace.isShared[0];
  const renamed = renamedActivityOf(trace, sources);
  return remedy(
    'patch',
    `Wrap the change in patched('${patchId}')`,
    [
      'Runs that came past this place before the change take the old way, new runs the new one. When no run from before is left, replace patched() by deprecatePatch(), and later remove that too.',
      ...(changes.length === 0 ? [reasonOf(cause, trace, sharedWith !== null), ...branchesOf(trace)] : []),
      ...(renamed
        ? [
            `Workers have to keep an activity \`${renamed.old}\` until then: open runs may have scheduled it, and the old way still does.`,
          ]
        : []),
      ...(sharedWith === null
        ? []
        : [
            `The changed file is also loaded by ${relativeFile(sharedWith, cwd)}, outside of workflows, where patched() throws: call it in the workflow, and pass on what it decides.`,
          ]),
      ...(isRepeated
        ? [
            'Commands that are as recorded come from this line, too: what has to go behind patched() is what makes it run once more.',
          ]
        : []),
    ]
      .filter(Boolean)
      .join(' '),
    { changes },
  );
}

/** Returns the sentence that says why no code was written for a patch. */
function reasonOf(cause: FoundCause | null, { isShared }: ReplayTrace, isOutside: boolean): string {
  // The sentences that follow say why.
  if (isOutside || isShared[0]) return '';
  if (!cause) return 'No code was tried: git does not know the change behind the difference.';
  return cause.packages.length > 0
    ? 'No code was tried: packages have changed, and no code of the service.'
    : 'No code was tried: the change is no statement, function or value that can stand beside its old form.';
}

const MAX_NAMED = 4;

/** Returns the sentences that say what the branches of a patch hold, for a change whose old code is not known. */
function branchesOf({ removed, added, recorded, produced }: ReplayTrace): string[] {
  const now = namesOf(added.length > 0 ? added : [produced]);
  const before = namesOf(removed.length > 0 ? removed : [recorded]);
  return [
    ...(now === '' ? [] : [`The new way issues ${now}.`]),
    ...(before === '' ? [] : [`The old way issues ${before}.`]),
  ];
}

/** Returns the words of commands, each once. The command that ends a run is named only if it is the only one. */
function namesOf(commands: readonly (TracedCommand | null)[]): string {
  const all = new Map(commands.flatMap((command) => (command ? [[command.words, command] as const] : [])));
  const words = [...all.values()].filter(({ endsRun }) => all.size === 1 || !endsRun).map((one) => one.words);
  const [shown, more] = [words.slice(0, MAX_NAMED), words.length - MAX_NAMED];
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/**
 * Returns an id that is not taken yet, and that says what happened: `add-send-email`, `remove-book-pickup`,
 * `charge-payment-to-refund-payment`; and where, if the command has no name of its own: `add-timer-in-ship-order`.
 */
function patchIdFor(trace: ReplayTrace, place: SourceLocation | null, sources: BundledSources): string {
  const taken = patchIdsOf(sources);
  const id = whatHappened(trace, place, sources);
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? id : `${id}-${n}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

function whatHappened(
  { kind, recorded, produced }: ReplayTrace,
  place: SourceLocation | null,
  sources: BundledSources,
): string {
  const [old, now] = [slug(recorded), slug(produced)];
  const where = place && slugOf(placeName(place));
  const inPlace = where ? `-in-${where}` : '';
  const named = (command: ReplayTrace['recorded'], id: string): string =>
    hasOwnName(command) ? id : `${id}${inPlace}`;
  switch (kind) {
    case 'added':
      return named(produced, `add-${now}`);
    case 'removed':
      // A command that is still there comes at another time, as one that ran beside others and now follows them.
      return recorded?.name && isCalled(recorded.name, sources)
        ? `reorder-${old}${inPlace}`
        : named(recorded, `remove-${old}`);
    case 'moved':
      return named(recorded ?? produced, `move-${old || now}`);
    case 'renamed':
      if (old === now) return `new-id-of-${now}`;
  }
  const both = [...new Set([old, now])].filter(Boolean);
  const id = both.length > 1 ? both.join('-to-') : `change-${both[0] ?? ''}`.replace(/-$/, '');
  return [recorded, produced].every((command) => command !== null && hasOwnName(command))
    ? id
    : `${id}${inPlace}`;
}

/** Returns the function of a place, the handler for one that is handed to `setHandler`, or the file. */
const placeName = ({ function: name, file }: SourceLocation): string =>
  name === null ? basename(file, extname(file)) : (/\((.+)\)$/.exec(name)?.[1] ?? name);

/** Returns true for a command whose name tells it from others in the code. */
const hasOwnName = (command: ReplayTrace['recorded']): boolean =>
  ['activity', 'localActivity', 'child', 'nexus', 'patch'].includes(command?.kind ?? '');

/** Returns the text of a command that a patch id is made of: an activity goes by its name, a timer by its kind. */
function slugSource({ kind, name, words }: TracedCommand): string {
  if (kind === 'activity' || kind === 'localActivity') return name ?? '';
  return kind.startsWith('timer') ? kind : words;
}

const MAX_SLUG_LENGTH = 60;

const slug = (command: ReplayTrace['recorded']): string => {
  return command ? slugOf(slugSource(command)) : '';
};

const slugOf = (text: string): string =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-|-$/g, '');

/** Returns the remedy for a run from before a patch whose `patched()` call, with the run's branch, the last change removed. */
export async function keepRemovedBranch(context: RemedyContext): Promise<ProposedRemedy | null> {
  const { sources } = context;
  const inCode = patchIdsOf(sources);
  for (const { file, hunk } of await changesNear(context)) {
    const id = patchIdsIn(hunk.before.join('\n')).find((candidate) => !inCode.includes(candidate));
    if (id === undefined) continue;
    return remedy(
      'keep-patch',
      `Keep patched('${id}')`,
      `Runs from before the patch '${id}' take its other branch: the call and that branch may go only when none of these runs is left.`,
      { changes: [undone(file, hunk, sources)], patchId: id },
    );
  }
  return null;
}

/** Returns the changed passages that make the histories break, then those of the last changes of the files of the place. */
async function changesNear({
  place,
  callers,
  cause,
}: RemedyContext): Promise<{ file: string; hunk: Hunk }[]> {
  const found = (cause?.hunks ?? []).map(({ file, ...hunk }) => ({ file, hunk }));
  const files = new Set((place ? [place, ...callers] : []).map(({ file }) => file));
  for (const file of files)
    for (const { line, count, before } of await lastChangesOf(file)) {
      const isKnown = found.some(
        (one) => one.file === file && one.hunk.line === line && one.hunk.count === count,
      );
      if (!isKnown) found.push({ file, hunk: { line, count, before } });
    }
  return found;
}

/** Returns the change that brings the lines with a call of `patched()` back, which the last change of a file removed. */
function undone(file: string, { line, count, before }: Hunk, sources: BundledSources): RemedyChange {
  const startLine = count === 0 ? line + 1 : line;
  const edit = { file, startLine, endLine: startLine + count - 1, replacement: before.join('\n') };
  // The import may have gone with the call.
  const { edits } = workflowCallIn(sources.textOf(file)?.split('\n') ?? [], file, 'patched', '');
  return {
    snippet: dedent(edit.replacement),
    edits: [...edits.map((importEdit) => ({ ...importEdit, file })), edit],
  };
}

/** Returns the remedies for a patch that the history has a marker of and the code does not call there any more. */
export async function keepRemovedPatch(context: RemedyContext): Promise<ProposedRemedy[]> {
  const { trace, sources } = context;
  const id = trace.recorded?.name ?? '';
  const near = patchIdsOf(sources).find(
    (other) => other !== id && trace.removed.length > 1 && areAlike(other, id),
  );
  const changes = await changesNear(context);
  const removals = changes.filter(({ hunk }) => patchIdsIn(hunk.before.join('\n')).includes(id));
  const restored = { changes: removals.map(({ file, hunk }) => undone(file, hunk, sources)), patchId: id };
  const files = [...changes.map(({ file }) => file), ...(context.place ? [context.place.file] : [])];
  if (files.some((file) => patchIdsIn(sources.textOf(file) ?? '').includes(id)))
    return [
      await wrapInPatch(context),
      remedy(
        'keep-patch',
        `Ask patched('${id}') where it was asked before`,
        `The code still asks for the patch '${id}', but not where its marker was recorded. Asked in an earlier workflow task, it answers false, and the run takes the old way.`,
        restored,
      ),
    ];
  const keep = remedy(
    'keep-patch',
    `Keep patched('${id}')`,
    `Runs that are open have recorded the patch '${id}': the call may go only when none of them is left.`,
    restored,
  );
  const deprecate = remedy(
    'deprecate-patch',
    `Put deprecatePatch('${id}') in its place`,
    'If no run from before the patch is left, the old way can go, but the call has to stay as deprecatePatch() until no run with the marker is left.',
    {
      changes: removals.flatMap(({ file, hunk }) => deprecated(file, hunk, id, sources) ?? []),
      patchId: id,
    },
  );
  const rename = remedy(
    'rename-back',
    `Rename the patch back to '${id}'`,
    'The id of a patch is part of the history: under another id it is another patch, and runs with the old marker take the old way.',
    { changes: near === undefined ? [] : renamed(near, id, sources) },
  );
  return [...(near ? [rename] : []), keep, deprecate];
}

/** Returns the change that puts `deprecatePatch()` where a patch was removed. */
function deprecated(
  file: string,
  { line, count, before }: Hunk,
  id: string,
  sources: BundledSources,
): RemedyChange | null {
  const lines = sources.textOf(file)?.split('\n');
  if (!lines) return null;
  const call = workflowCallIn(lines, file, 'deprecatePatch', id);
  const at = count === 0 ? line + 1 : line;
  const indent = /^\s*/.exec(before.find((row) => row.trim() !== '') ?? '')![0];
  const edit = { file, startLine: at, endLine: at - 1, replacement: `${indent}${call.expression};` };
  return {
    snippet: edit.replacement.trim(),
    edits: [...call.edits.map((importEdit) => ({ ...importEdit, file })), edit],
  };
}

/** Returns the changes that give a patch its recorded id again. */
function renamed(now: string, id: string, sources: BundledSources): RemedyChange[] {
  if (!isPlainText(id)) return [];
  const edits = sources.files().flatMap((file) =>
    (sources.textOf(file) ?? '').split('\n').flatMap((text, n) => {
      if (!patchIdsIn(text).includes(now)) return [];
      const replacement = withLiteralsRenamed(text, now, id);
      return [{ file, startLine: n + 1, endLine: n + 1, replacement }];
    }),
  );
  return edits.length === 0 ? [] : [{ snippet: edits[0]!.replacement.trim(), edits }];
}

const areAlike = (a: string, b: string): boolean => editDistance(a, b) <= Math.max(a.length, b.length) * 0.75;

import { distance } from 'fastest-levenshtein';
import type { DifferenceKind, Remedy, ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import type { HistoryResult } from '../model/verdict';
import { patchIdsIn, patchIdsOf } from './calls';
import { dedent, patchCodeFor } from './patch-code';
import { lastChangesOf } from './previous-source';
import type { BundledSources } from '../source/bundled-sources';

export interface RemedyContext {
  result: HistoryResult;
  trace: ReplayTrace;
  place: SourceLocation | null;
  /** Of the place, the innermost first. */
  callers: readonly SourceLocation[];
  sources: BundledSources;
  workflowTypes: readonly string[];
}

type Rule = (context: RemedyContext) => Promise<Remedy[]> | Remedy[];

/** What fits a difference, the best first. */
export async function remediesFor(context: RemedyContext): Promise<Remedy[]> {
  return await RULES[context.trace.kind](context);
}

const remedy = (
  code: Remedy['code'],
  title: string,
  text: string,
  { snippet = null, edits = [] }: Partial<Pick<Remedy, 'snippet' | 'edits'>> = {},
): Remedy => ({ code, title, text, snippet, edits });

const versionWorker = (): Remedy =>
  remedy(
    'version-worker',
    'Deploy it as a new worker version',
    'With Worker Versioning, runs that are pinned to the old version end on the old code, and only new runs take the new one. It needs the old workers to stay up until then.',
  );

async function patch({ trace, place, callers, sources }: RemedyContext): Promise<Remedy> {
  const patchId = patchIdFor(trace, patchIdsIn(sources));
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

/** `add-send-email`, `remove-book-pickup`, `charge-payment-to-refund-payment`; none that is taken. */
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

const slug = (command: ReplayTrace['recorded']): string => {
  if (!command) return '';
  const words = command.words.replace(/`/g, '').replace(/ activity$| local activity$/, '');
  const name = command.kind.startsWith('timer') ? command.kind : words;
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-|-$/g, '');
};

const giveCodec = (): Remedy =>
  remedy(
    'give-codec',
    'Say how the payloads are decoded: --data-converter <module>',
    'The history holds payloads that were encoded by a codec of its worker. The module is the one that exports the data converter which the worker is given.',
    { snippet: 'npx replay run --data-converter src/data-converter.ts' },
  );

/** Errors of the language: nobody throws them on purpose. */
const MISTAKE = /TypeError|ReferenceError|RangeError/;
const OLD_SHAPE =
  'The recorded run went on here. Often the code expects a result in a new shape, while the history holds the old one: accept both.';

const fixError = (text: string): Remedy => remedy('fix-error', 'Mend the error where it is thrown', text);

async function patchOrVersion(context: RemedyContext): Promise<Remedy[]> {
  const others = [await patch(context), versionWorker()];
  if (MISTAKE.test(context.trace.failureType ?? '')) return [fixError(OLD_SHAPE), ...others];
  const branch = await branchRemoved(context);
  return branch ? [branch, ...others] : others;
}

/** The last change took a `patched()` call away, and this run is from before that patch: its branch is gone. */
async function branchRemoved({ place, callers, sources }: RemedyContext): Promise<Remedy | null> {
  const inCode = patchIdsIn(sources);
  for (const { file } of place ? [place, ...callers] : [])
    for (const { before } of await lastChangesOf(file)) {
      const id = patchIdsOf(before.join('\n')).find((candidate) => !inCode.includes(candidate));
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

const RULES: Readonly<Record<DifferenceKind, Rule>> = {
  added: patchOrVersion,
  moved: patchOrVersion,
  replaced: patchOrVersion,
  refused: patchOrVersion,
  renamed: async (context) => {
    const { recorded, produced } = context.trace;
    // The number of a timer or an activity is nothing that code gives back.
    const hasOnlyNumber = recorded?.words === produced?.words && recorded?.kind !== 'child';
    const others = await patchOrVersion(context);
    const isBranchGone = others[0]?.code === 'keep-patch';
    return [...(hasOnlyNumber || isBranchGone ? [] : [renameBack(context)]), ...others];
  },
  removed: async (context) =>
    context.trace.recorded?.kind === 'patch' ? patchRemoved(context) : patchOrVersion(context),
  drift: ({ result: { drift } }) => {
    const isEarlier = drift.every(({ path }) => path === 'earlier');
    return [
      remedy(
        'accept-drift',
        'Leave it, if it is what you want',
        isEarlier
          ? 'Temporal accepts a command that comes in an earlier workflow task than recorded, as when steps were made parallel. Runs that wait between the two places simply go on.'
          : 'Temporal never compares this content. For runs that are open, what was sent stays as it was; the new content counts from the next command on.',
      ),
      remedy(
        'undo-drift',
        'Undo it, if nobody meant to change it',
        'A changed default, a mapping that lost a field or another time zone shows like this. To keep the old content for runs that are under way, put the change behind patched().',
      ),
    ];
  },
  threw: ({ result }) => [
    ...(/Unknown encoding: /.test(result.error?.message ?? '') ? [giveCodec()] : []),
    fixError(
      MISTAKE.test(result.error?.message ?? '')
        ? OLD_SHAPE
        : 'The recorded run went on here. An error that is no Temporal failure fails the workflow task, not the workflow: the run is retried until the code is mended.',
    ),
  ],
  'unknown-type': unknownType,
  bundle: () => [
    remedy(
      'fix-bundle',
      'Make the workflow code build',
      'Nothing could be replayed. The message says what the bundler or the sandbox complained of.',
    ),
  ],
  endless: () => [
    remedy(
      'fix-loop',
      'Find the loop that never waits',
      'Workflow code that loops without an await blocks its worker. If the history is only very long, give --timeout more.',
    ),
  ],
  died: () => [
    remedy(
      'fix-error',
      'Find what ends the process',
      'Endless recursion or memory without bounds, most often. If it is core that panicked, the history may be damaged: fetch it again.',
    ),
  ],
  unreadable: () => [
    remedy(
      'fetch-again',
      'Fetch the history again',
      'The file is damaged or is no history that can be replayed.',
      { snippet: 'npx replay fetch --workflow-id <id> --refresh' },
    ),
  ],
};

function renameBack({ trace: { recorded, produced }, place, sources }: RemedyContext): Remedy {
  const [old, now] = [recorded?.name ?? '', produced?.name ?? ''];
  if (old === now)
    return remedy(
      'rename-back',
      'Give it its old id again',
      `${recorded?.words ?? 'The command'} is known by its id to runs that are open. If the id has to change, do it behind patched().`,
    );
  const line = place && sources.lineOf(place.file, place.line);
  const pattern = new RegExp(`\\b${now.replace(/[^\w$]/g, '\\$&')}\\b`);
  const renamed = line && pattern.test(line) ? line.replace(pattern, old) : null;
  return remedy(
    'rename-back',
    `Rename \`${now}\` back to \`${old}\``,
    'The name is part of the history. Keep the old name as what is registered and called, whatever the function behind it is called now.',
    renamed === null
      ? {}
      : {
          snippet: renamed.trim(),
          edits: [{ file: place!.file, startLine: place!.line, endLine: place!.line, replacement: renamed }],
        },
  );
}

/** A live marker is in the history, and the code no longer asks for it. */
function patchRemoved({ trace, sources }: RemedyContext): Remedy[] {
  const id = trace.recorded?.name ?? '';
  const near = patchIdsIn(sources).find(
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

function unknownType({ result, workflowTypes }: RemedyContext): Remedy[] {
  const type = result.workflowType ?? '';
  const nearest = workflowTypes
    .map((candidate) => ({ candidate, edits: distance(candidate.toLowerCase(), type.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  const restore = remedy(
    'restore-export',
    `Export \`${type}\` from the workflow code again`,
    'Runs of this type can only go on with code of this name. It may go when none is open, and its closed runs are past their retention.',
    { snippet: `export { ${type} } from './${slugOfType(type)}';` },
  );
  if (!nearest || nearest.edits > Math.max(2, type.length / 2)) return [restore];
  const rename = remedy(
    'rename-back',
    `Rename \`${nearest.candidate}\` back to \`${type}\`, or export it under both names`,
    'The type is part of the history: runs that are open ask for it by its old name.',
    { snippet: `export { ${nearest.candidate} as ${type} };` },
  );
  return [rename, restore];
}

const slugOfType = (type: string): string => type.replace(/([a-z\d])([A-Z])/g, '$1-$2').toLowerCase();

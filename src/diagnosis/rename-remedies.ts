import { editDistance } from '../util/nearest-name';
import type { ProposedRemedy, RemedyChange } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import type { BundledSources } from '../source/bundled-sources';
import { renamedIn } from '../source/names-in-code';
import { activityNameOfBefore } from './activity-name-changes';
import { undoneCause } from './cause-changes';
import { childTypeOfBefore } from './child-type-changes';
import { exportUnder } from './export-changes';
import { type RemedyContext, remedy } from './remedy';

/** Returns the remedy that gives a command its recorded name or id again. */
export function renameBack({ trace, place, sources }: RemedyContext): ProposedRemedy {
  const { recorded, produced } = trace;
  const [old, now] = [recorded?.name ?? '', produced?.name ?? ''];
  if (old === now)
    return remedy(
      'rename-back',
      'Give it its old id again',
      `${recorded?.words ?? 'The command'} is known by its id to runs that are open. If the id has to change, do it behind patched().`,
    );
  return remedy(
    'rename-back',
    `Rename \`${now}\` back to \`${old}\``,
    'The name is part of the history. Keep the old name as what is registered and called, whatever the function behind it is called now.',
    {
      changes: [
        activityNameOfBefore(trace, sources) ?? renamedOnItsLine(place, now, old, sources),
        childTypeOfBefore(trace, place, sources),
      ].flatMap((change) => change ?? []),
    },
  );
}

function renamedOnItsLine(
  place: SourceLocation | null,
  now: string,
  old: string,
  sources: BundledSources,
): RemedyChange | null {
  const line = place && sources.lineOf(place.file, place.line);
  const replacement = line ? renamedIn(line, now, old) : null;
  if (!place || replacement === null) return null;
  const edit = { file: place.file, startLine: place.line, endLine: place.line, replacement };
  return { snippet: replacement.trim(), edits: [edit] };
}

/** Returns the remedies for a workflow type that the code does not export. */
export function restoreType({ result, workflowTypes, sources, cause }: RemedyContext): ProposedRemedy[] {
  const type = result.workflowType ?? '';
  const nearest = workflowTypes
    .map((candidate) => ({ candidate, edits: editDistance(candidate.toLowerCase(), type.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  const restore = remedy(
    'restore-export',
    `Export \`${type}\` from the workflow code again`,
    'Runs of this type can only go on with code of this name. It may go when none is open, and its closed runs are past their retention.',
    { changes: [(cause && undoneCause(cause, sources)) ?? []].flat() },
  );
  if (!nearest || nearest.edits > Math.max(2, type.length / 2)) return [restore];
  const rename = remedy(
    'rename-back',
    `Rename \`${nearest.candidate}\` back to \`${type}\`, or export it under both names`,
    'The type is part of the history: runs that are open ask for it by its old name.',
    { changes: exportUnder(type, nearest.candidate, sources) },
  );
  return [rename, restore];
}

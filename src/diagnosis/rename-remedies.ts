import { editDistance } from '../util/nearest-name';
import type { ProposedRemedy } from '../model/diagnosis';
import { renamedIn } from '../source/names-in-code';
import { undoneCause } from './cause-changes';
import { exportUnder } from './export-changes';
import { type RemedyContext, remedy } from './remedy';

/** Returns the remedy that gives a command its recorded name or id again. */
export function renameBack({ trace: { recorded, produced }, place, sources }: RemedyContext): ProposedRemedy {
  const [old, now] = [recorded?.name ?? '', produced?.name ?? ''];
  if (old === now)
    return remedy(
      'rename-back',
      'Give it its old id again',
      `${recorded?.words ?? 'The command'} is known by its id to runs that are open. If the id has to change, do it behind patched().`,
    );
  const line = place && sources.lineOf(place.file, place.line);
  const renamed = line ? renamedIn(line, now, old) : null;
  return remedy(
    'rename-back',
    `Rename \`${now}\` back to \`${old}\``,
    'The name is part of the history. Keep the old name as what is registered and called, whatever the function behind it is called now.',
    renamed === null
      ? {}
      : {
          changes: [
            {
              snippet: renamed.trim(),
              edits: [
                { file: place!.file, startLine: place!.line, endLine: place!.line, replacement: renamed },
              ],
            },
          ],
        },
  );
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

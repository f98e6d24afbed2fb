import { composeMessage, type MessageParts, messageParts } from '../model/message';
import type { RunNote } from '../model/report';
import type { BundledProject, IsolationFault } from '../replay/setup';

/** Returns a note on each project whose histories were replayed in V8 contexts of their own without an option that asks for it. */
export function isolationNotes(
  projects: readonly BundledProject[],
  faults: ReadonlyMap<string, IsolationFault>,
): RunNote[] {
  return projects.flatMap((project): RunNote[] => {
    if (!('contexts' in project)) return [];
    const { name, contexts } = project;
    const fault = faults.get(name);
    if (contexts.because === 'shared-modules')
      return [note(name, 'shared-modules', messageParts({ own: sharedModules(name) }))];
    return fault ? [note(name, 'reused-context-failed', partsOf(fault))] : [];
  });
}

const note = (project: string, because: RunNote['because'], parts: MessageParts): RunNote => ({
  projects: [project],
  because,
  message: composeMessage(parts),
  parts,
});

const sharedModules = (project: string): string =>
  `The bundle of ${project} does not keep module state apart between workflows that reuse a V8 context, so each history ` +
  'was replayed in a context of its own. A worker with this bundle shares that state between its workflows: build it ' +
  'with another release of the SDK (docs/sdk-versions.md; `replay doctor` tries the installed one).';

const partsOf = ({ project, outcome }: IsolationFault): MessageParts => ({
  ...outcome,
  own:
    `The code of ${project} does not replay in a V8 context that workflows reuse, so each history was replayed in a ` +
    'context of its own. If the worker has `reuseV8Context: false`, set that option here too; if it does not, its ' +
    `workflows fail as this replay did in a reused context: ${outcome.own}`,
});

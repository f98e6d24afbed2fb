import { composeMessage, messageParts } from '../model/message';
import type { RunNote } from '../model/report';
import type { Ambiguity, BundledProject, IsolationFault, Replayed, SharedChange } from '../replay/setup';
import { isolationNotes } from './isolation-notes';

/** Collects what the replays of a run found besides their results, for the notes of its report. */
export class RunNotes {
  private readonly faults = new Map<string, IsolationFault>();
  private readonly changes = new Map<string, { change: SharedChange; file: string }>();
  private readonly ambiguities = new Map<string, { ambiguity: Ambiguity; histories: number }>();

  add(
    {
      isolationFault,
      sharedChange,
      ambiguity,
    }: Pick<Replayed, 'isolationFault' | 'sharedChange' | 'ambiguity'>,
    file: string,
  ): void {
    const known = sharedChange && this.changes.get(sharedChange.project);
    // The first file by name, so that reports do not differ from run to run.
    if (sharedChange && (!known || file < known.file))
      this.changes.set(sharedChange.project, { change: sharedChange, file });
    if (isolationFault && !this.faults.has(isolationFault.project))
      this.faults.set(isolationFault.project, isolationFault);
    if (!ambiguity) return;
    const key = JSON.stringify(ambiguity);
    const count = this.ambiguities.get(key)?.histories ?? 0;
    this.ambiguities.set(key, { ambiguity, histories: count + 1 });
  }

  /** Returns the notes of a run with these projects. */
  of(projects: readonly BundledProject[]): RunNote[] {
    const ambiguities = [...this.ambiguities.values()].map((one) => ambiguityNote(one));
    const changes = [...this.changes.values()].map(({ change, file }) => changeNote(change, file));
    return [...isolationNotes(projects, this.faults), ...changes, ...ambiguities];
  }
}

function changeNote({ project, property, isOfProcess }: SharedChange, file: string): RunNote {
  const [where, since] = isOfProcess
    ? ['one process', 'new process']
    : ['one V8 context', 'context of its own'];
  const parts = messageParts({
    own:
      `The code of ${project} changes what all workflows in ${where} share, as it runs (${file}): each history after it ` +
      `was replayed in a ${since}. A worker does not notice it, and its later workflows run with the change:`,
    foreign: property,
  });
  return { projects: [project], because: 'changed-shared-state', message: composeMessage(parts), parts };
}

function ambiguityNote({
  ambiguity: { workflowType, projects },
  histories,
}: {
  ambiguity: Ambiguity;
  histories: number;
}): RunNote {
  const count = histories === 1 ? '1 history' : `${histories} histories`;
  const message =
    `Nothing tells which project has run ${count} of ${workflowType}: ${projects.join(' or ')}. Each was replayed with all of ` +
    'them, and the best result counts, so a break of the right one can be missed. Set `taskQueue` of each project, or ' +
    '`deploymentVersion` where they share a task queue.';
  return { projects, because: 'ambiguous-project', message, parts: messageParts({ own: message }) };
}

import { messageParts } from '../model/message';
import type { RunNote } from '../model/report';
import type { Ambiguity, BundledProject, IsolationFault, Replayed } from '../replay/setup';
import { isolationNotes } from './isolation-notes';

/** Collects what the replays of a run found besides their results, for the notes of its report. */
export class RunNotes {
  private readonly faults = new Map<string, IsolationFault>();
  private readonly ambiguities = new Map<string, { ambiguity: Ambiguity; histories: number }>();

  add({ isolationFault, ambiguity }: Pick<Replayed, 'isolationFault' | 'ambiguity'>): void {
    if (isolationFault && !this.faults.has(isolationFault.project))
      this.faults.set(isolationFault.project, isolationFault);
    if (!ambiguity) return;
    const key = JSON.stringify(ambiguity);
    const known = this.ambiguities.get(key)?.histories ?? 0;
    this.ambiguities.set(key, { ambiguity, histories: known + 1 });
  }

  /** Returns the notes of a run with these projects. */
  of(projects: readonly BundledProject[]): RunNote[] {
    const ambiguities = [...this.ambiguities.values()].map((one) => ambiguityNote(one));
    return [...isolationNotes(projects, this.faults), ...ambiguities];
  }
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

import type { ResolvedProject } from '../options/resolve';

/** The options of a project from which each process makes its worker. They can be sent to another process. */
export type WorkerSource = Omit<ResolvedProject, 'bundlerOptions'>;

export function workerSourceOf({ bundlerOptions: _, ...source }: ResolvedProject): WorkerSource {
  return source;
}

/** Returns the modules of the user that a process loads, and keeps, when it makes the worker. */
export const modulesOfWorker = ({ worker, plugins, dataConverter }: WorkerSource): string[] =>
  [worker, plugins, dataConverter].filter((path) => path !== null);

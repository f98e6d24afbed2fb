import type { ResolvedProject } from '../options/resolve';

/** The options of a project from which each process makes its worker. They can be sent to another process. */
export type WorkerSource = Omit<ResolvedProject, 'bundlerOptions'>;

export function workerSourceOf({ bundlerOptions: _, ...source }: ResolvedProject): WorkerSource {
  return source;
}

/** Returns true if a process that makes the worker loads modules of the user, and keeps them. */
export const loadsModules = ({ worker, plugins, dataConverter }: WorkerSource): boolean =>
  [worker, plugins, dataConverter].some((path) => path !== null);

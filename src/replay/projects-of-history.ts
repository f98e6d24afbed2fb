import { dirname, resolve } from 'node:path';
import { exportsOf } from '../source/exports';
import { type ModuleReader, createModuleReader } from '../source/module-reader';
import type { HistoryIdentity } from '../temporal/identity';
import { locateModule } from '../util/locate-module';
import type { WorkerSource } from '../worker-options/worker-source';

/**
 * Returns the projects whose workers may have run a history, without building their code: those of its task queue, and of these
 * those whose source exports its workflow type. If nothing decides, all of them are left.
 */
export function projectsOfHistory(
  projects: readonly WorkerSource[],
  { workflowType, taskQueue }: Pick<HistoryIdentity, 'workflowType' | 'taskQueue'>,
): readonly WorkerSource[] {
  if (projects.length < 2) return projects;
  const ofQueue = projects.filter((project) => (project.taskQueue ?? project.name) === taskQueue);
  const candidates = ofQueue.length > 0 ? ofQueue : projects;
  if (candidates.length < 2 || !workflowType) return candidates;
  const read = createModuleReader();
  const withType = candidates.filter(
    ({ workflowsPath }) => workflowsPath !== null && exportsName(workflowType, workflowsPath, read),
  );
  return withType.length > 0 ? withType : candidates;
}

/** Returns true if a module exports a name, itself or by modules of its own that it passes on. */
function exportsName(name: string, path: string, read: ModuleReader, seen = new Set<string>()): boolean {
  const file = locateModule(path, dirname(path)) ?? path;
  if (seen.has(`${file}#${name}`)) return false;
  seen.add(`${file}#${name}`);
  const module = read(file);
  return (
    module !== null &&
    exportsOf(name, module).some(
      (found) =>
        'node' in found ||
        (found.specifier.startsWith('.') &&
          exportsName(found.name, resolve(dirname(file), found.specifier), read, seen)),
    )
  );
}

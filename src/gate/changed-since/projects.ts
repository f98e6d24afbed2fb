import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedProject } from '../../options/resolve';
import type { ProjectOptions } from '../../options/types';
import { inRepository } from './checkout';

export interface ProjectsThen {
  projects: ProjectOptions[];
  /** Names of the projects whose code the commit does not have. */
  missing: string[];
}

/** The projects with the code of a checkout in place of that of the repository. */
export function projectsThen(
  projects: readonly ResolvedProject[],
  { root, code }: { root: string; code: string },
): ProjectsThen {
  const then = (path: string | null): string | undefined =>
    path === null ? undefined : pathThen(path, root, code);
  const found: ProjectOptions[] = [];
  const missing: string[] = [];
  for (const project of projects) {
    const [workflowsPath, bundle] = [then(project.workflowsPath), then(project.bundle)];
    if (workflowsPath === undefined && bundle === undefined) {
      missing.push(project.name);
      continue;
    }
    found.push({
      name: project.name,
      ...given({
        workflowsPath,
        bundle,
        payloadConverter: then(project.payloadConverter),
        failureConverter: then(project.failureConverter),
        dataConverter: then(project.dataConverter),
        namespace: project.namespace ?? undefined,
      }),
      // One that is new since then was not there.
      workflowInterceptors: project.workflowInterceptors.flatMap((path) => then(path) ?? []),
      bundlerOptions: project.bundlerOptions,
    });
  }
  return { projects: found, missing };
}

/** Where a file of the repository is in the checkout; undefined where the commit has none. Others stay where they are. */
function pathThen(path: string, root: string, code: string): string | undefined {
  const inside = inRepository(realpathSync(path), realpathSync(root));
  if (inside === null) return path;
  const there = join(code, inside);
  return existsSync(there) ? there : undefined;
}

const given = <T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

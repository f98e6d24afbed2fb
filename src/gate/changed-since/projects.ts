import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedProject } from '../../options/resolve';
import type { ProjectOptions } from '../../options/types';
import { pathInRepository } from './checkout';

export interface EarlierProjects {
  projects: ProjectOptions[];
  /** Names of the projects whose code does not exist in the commit. */
  missing: string[];
}

/** The code of a project, as its options or the module of its worker name it. Paths are absolute. */
export type NamedCode = Pick<ResolvedProject, 'workflowsPath' | 'bundle' | 'workflowInterceptors'>;

/**
 * Returns the projects with the paths of their code in a checkout instead of the repository. Modules of a worker that the commit does
 * not have yet are taken as they are now: they tell how the code is run, and are not part of it.
 *
 * @param codeOf returns the code that the current module of a project's worker names
 */
export async function earlierProjects(
  projects: readonly ResolvedProject[],
  { root, checkout }: { root: string; checkout: string },
  codeOf: (project: ResolvedProject) => Promise<NamedCode>,
): Promise<EarlierProjects> {
  const earlier = (path: string | null): string | undefined =>
    path === null ? undefined : pathInCheckout(path, root, checkout);
  const module = (path: string | null): string | undefined => earlier(path) ?? path ?? undefined;
  const found: ProjectOptions[] = [];
  const missing: string[] = [];
  for (const project of projects) {
    const { taskQueue, deploymentVersion, namespace, reuseV8Context, workflowFailureErrorTypes } = project;
    const isWorkerNew = project.worker !== null && earlier(project.worker) === undefined;
    const code = isWorkerNew ? await codeOf(project) : project;
    const [workflowsPath, bundle] = [earlier(code.workflowsPath), earlier(code.bundle)];
    const isNamed = code.workflowsPath !== null || code.bundle !== null;
    if (isNamed && workflowsPath === undefined && bundle === undefined) {
      missing.push(project.name);
      continue;
    }
    found.push({
      name: project.name,
      ...defined({
        worker: module(project.worker),
        workflowsPath,
        bundle,
        payloadConverter: module(project.payloadConverter),
        failureConverter: module(project.failureConverter),
        dataConverter: module(project.dataConverter),
        plugins: module(project.plugins),
        ...{ taskQueue, deploymentVersion, namespace, reuseV8Context, workflowFailureErrorTypes },
      }),
      // Interceptors that were added later do not exist in the commit.
      workflowInterceptors: code.workflowInterceptors.flatMap((path) => earlier(path) ?? []),
      bundlerOptions: project.bundlerOptions,
    });
  }
  return { projects: found, missing };
}

/**
 * Returns the path in the checkout of a file of the repository, or undefined if the commit does not have that file. Files outside
 * of the repository keep their path.
 */
function pathInCheckout(path: string, root: string, checkout: string): string | undefined {
  const inside = pathInRepository(realpathSync(path), realpathSync(root));
  if (inside === null) return path;
  const earlier = join(checkout, inside);
  return existsSync(earlier) ? earlier : undefined;
}

const defined = <T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== null),
  ) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

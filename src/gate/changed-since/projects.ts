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

/** Returns the projects with the paths of their code in a checkout instead of the repository. */
export function earlierProjects(
  projects: readonly ResolvedProject[],
  { root, checkout }: { root: string; checkout: string },
): EarlierProjects {
  const earlier = (path: string | null): string | undefined =>
    path === null ? undefined : pathInCheckout(path, root, checkout);
  const found: ProjectOptions[] = [];
  const missing: string[] = [];
  for (const project of projects) {
    const { taskQueue, deploymentVersion, namespace, reuseV8Context, workflowFailureErrorTypes } = project;
    const [workflowsPath, bundle] = [earlier(project.workflowsPath), earlier(project.bundle)];
    const worker = earlier(project.worker);
    const isMissing =
      project.workflowsPath === null && project.bundle === null
        ? worker === undefined
        : workflowsPath === undefined && bundle === undefined;
    if (isMissing) {
      missing.push(project.name);
      continue;
    }
    found.push({
      name: project.name,
      ...defined({
        worker,
        workflowsPath,
        bundle,
        payloadConverter: earlier(project.payloadConverter),
        failureConverter: earlier(project.failureConverter),
        dataConverter: earlier(project.dataConverter),
        plugins: earlier(project.plugins),
        ...{ taskQueue, deploymentVersion, namespace, reuseV8Context, workflowFailureErrorTypes },
      }),
      // Interceptors that were added later do not exist in the commit.
      workflowInterceptors: project.workflowInterceptors.flatMap((path) => earlier(path) ?? []),
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

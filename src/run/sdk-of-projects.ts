import { dirname } from 'node:path';
import { TemporalReplayError } from '../errors';
import type { ResolvedProject } from '../options/resolve';
import { requireSdkOfWorker } from '../packages/sdk-problems';
import { sdkDirectory, useSdkOf } from '../packages/sdk-resolution';
import { WORKER, versionLoadedFrom } from '../packages/temporal-packages';

/**
 * Makes this process and its replay processes load the SDK of the projects: the one that their workflow code finds, or else the one
 * of the current directory.
 *
 * @throws PACKAGE_MISSING, SDK_TOO_OLD; DUPLICATE_PACKAGES if the projects have workers of different versions, since a process has a
 * single SDK
 */
export function useSdkOfProjects(projects: readonly ResolvedProject[], cwd: string): void {
  const directories = projects.map(({ workflowsPath, bundle, worker }) =>
    dirname((workflowsPath ?? bundle ?? worker)!),
  );
  refuseSeveralVersions(projects, directories);
  const directory = sdkDirectory([...directories, cwd]);
  requireSdkOfWorker(directory);
  useSdkOf(directory);
}

function refuseSeveralVersions(projects: readonly ResolvedProject[], directories: readonly string[]): void {
  const versions = directories.map((directory) => versionLoadedFrom(directory, WORKER));
  const first = versions.findIndex((version) => version !== null);
  const other = versions.findIndex((version) => version !== null && version !== versions[first]);
  if (other === -1) return;
  throw new TemporalReplayError(
    'DUPLICATE_PACKAGES',
    `The projects have different versions of ${WORKER}: ${projects[first]!.name} has ${versions[first]}, and ${projects[other]!.name} has ${versions[other]}.`,
    { hint: 'Replay projects with different versions one at a time, each with a config of its own.' },
  );
}

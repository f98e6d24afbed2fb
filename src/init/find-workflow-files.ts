import { basename, dirname, join } from 'node:path';
import type { ModuleReader } from '../source/module-reader';
import { reExportedModules } from '../source/re-exports';
import { readTextFile } from '../util/read-text-file';
import { type Repository, fromRoot, packageOf } from './repository';
import { reachableFrom } from './reachable-modules';
import { sourceOfImport } from './source-of-module';
import { type FoundCode, type Place, hasCode } from './worker-code';

/** A file that seems to hold the workflows of a worker that was not found. */
export interface WorkflowFile {
  place: Place;
  packageDir: string;
}

const CONVENTIONAL = /^(workflows?\.[cm]?[jt]s)$/;
const FOLDER_INDEX = /^index\.[cm]?[jt]s$/;

/**
 * Finds the workflow files of workers that were not found: in all packages if no workflow code was found, else in those packages
 * without code. Files that the code of a found worker imports are left out.
 */
export function findMissedFiles(
  code: readonly FoundCode[],
  repository: Repository,
  read: ModuleReader,
): WorkflowFile[] {
  const known = code.flatMap(({ workflowsPath }) => workflowsPath ?? []);
  const files = findWorkflowFiles(repository, read);
  const reached = reachableFrom(
    known.map((path) => join(repository.root, path)),
    repository,
    read,
  );
  const covered = new Set([
    ...code.flatMap((one) => (hasCode(one) ? one.packageDir : [])),
    ...known.map((path) => packageDirAt(join(repository.root, path), repository)),
  ]);
  return files.filter(
    ({ place, packageDir }) => !covered.has(packageDir) && !reached.has(join(repository.root, place.file)),
  );
}

/** Finds files named `workflows.ts`, or `index.ts` in a folder `workflows`, that use `@temporalio/workflow`. */
function findWorkflowFiles(repository: Repository, read: ModuleReader): WorkflowFile[] {
  return repository.sources
    .filter((path) => {
      const name = basename(path);
      const isIndex = FOLDER_INDEX.test(name) && /^workflows?$/.test(basename(dirname(path)));
      return (CONVENTIONAL.test(name) || isIndex) && reachesWorkflowApi(path, repository, read);
    })
    .map((path) => ({
      place: { file: fromRoot(path, repository), line: 1 },
      packageDir: packageDirAt(path, repository),
    }));
}

const packageDirAt = (path: string, repository: Repository): string =>
  fromRoot(packageOf(path, repository)?.dir ?? repository.root, repository);

/** Returns true if a module mentions `@temporalio/workflow`, or passes on values of a module that does. */
function reachesWorkflowApi(
  path: string,
  repository: Repository,
  read: ModuleReader,
  visited = new Set<string>(),
): boolean {
  if (visited.has(path)) return false;
  visited.add(path);
  if (readTextFile(path)?.includes('@temporalio/workflow')) return true;
  const module = read(path);
  return (
    module !== null &&
    reExportedModules(module).some((specifier) => {
      const source = sourceOfImport(specifier, path, repository);
      return source !== null && reachesWorkflowApi(source, repository, read, visited);
    })
  );
}

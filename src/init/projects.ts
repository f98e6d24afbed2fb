import { join } from 'node:path';
import { isObject } from '../util/json-file';
import {
  type CodeOptions,
  type FoundCode,
  type FoundWorkers,
  NO_OPTIONS,
  type Place,
  hasCode,
} from './worker-code';
import type { WorkflowFile } from './find-workflow-files';
import { type Package, type Repository, packageOf, shortName } from './repository';

/** An entry of the config to write. */
export interface FoundProject extends CodeOptions {
  name: string;
  /** The only task queue of its workers; null if there are several, or none is known. */
  taskQueue: string | null;
  /** The workflow code, no matter whether its option or the module of `worker` names it; null if it is not known. */
  codePath: string | null;
  /** The calls that it was found by. */
  places: readonly Place[];
}

/** Returns a project for each workflow code, with the options of all calls that use the code. Names are unique. */
export function projectsOf(
  { code }: FoundWorkers,
  files: readonly WorkflowFile[],
  repository: Repository,
): FoundProject[] {
  const found = withSources(code);
  const workers = new Map(files.map((file) => [file, workerOf(file, found, repository)]));
  const settled = new Set(workers.values());
  const joined = groups(found.filter((one) => !settled.has(one))).map((group) =>
    joinGroup(group, repository),
  );
  const guessed = files.map((file) => ofFile(file, workers.get(file) ?? null, repository));
  return uniqueNames([...joined, ...guessed].map(withNeededVersion), repository);
}

/** Keeps the deployment version of a project only where another one polls the same task queue: it changes with every release. */
function withNeededVersion(
  project: FoundProject,
  _: number,
  projects: readonly FoundProject[],
): FoundProject {
  const isShared = projects.some((other) => other !== project && other.taskQueue === project.taskQueue);
  return isShared && project.taskQueue !== null ? project : { ...project, deploymentVersion: null };
}

/** Returns the worker with unknown code that most likely runs a file: one of its own package or of a package that this depends on. */
function workerOf(
  { packageDir }: WorkflowFile,
  code: readonly FoundCode[],
  { root, packages }: Repository,
): FoundCode | null {
  const at = (dir: string): Package | undefined => packages.find((one) => one.dir === join(root, dir));
  const own = at(packageDir);
  const isUsed = (dir: string): boolean => {
    const name = at(dir)?.name ?? null;
    return dir === packageDir || (name !== null && dependenciesOf(own).includes(name));
  };
  return code.find((one) => one.call === 'worker' && !hasCode(one) && isUsed(one.packageDir)) ?? null;
}

const dependenciesOf = (own: Package | undefined): string[] =>
  ['dependencies', 'devDependencies', 'peerDependencies'].flatMap((key) => {
    const listed = own?.json[key];
    return isObject(listed) ? Object.keys(listed) : [];
  });

/** Replaces a worker's bundle by the source that the build script of its package bundles, so that no build is needed. */
function withSources(code: readonly FoundCode[]): FoundCode[] {
  const bundled = code.filter(({ call, workflowsPath }) => call === 'bundle' && workflowsPath !== null);
  return code.map((found) => {
    if (found.bundle === null) return found;
    const sources = bundled.filter(({ packageDir }) => packageDir === found.packageDir);
    if (new Set(sources.map(({ workflowsPath }) => workflowsPath)).size !== 1) return found;
    const { workflowsPath } = sources[0]!;
    return { ...found, workflowsPath, bundle: null, codePath: workflowsPath };
  });
}

/** Groups calls by their workflow code, and workers also by the module with their options. */
function groups(code: readonly FoundCode[]): FoundCode[][] {
  const byKey = new Map<string, FoundCode[]>();
  for (const found of code) {
    const { worker, codePath, place } = found;
    const key = JSON.stringify([codePath ?? worker ?? `${place.file}:${place.line}`, worker]);
    byKey.set(key, [...(byKey.get(key) ?? []), found]);
  }
  const all = [...byKey.values()];
  const isOfModule = ([first]: FoundCode[]): boolean => first!.worker !== null;
  const runs = (group: FoundCode[], path: string | null): boolean =>
    path !== null && group[0]!.codePath === path;
  const isBuildOnly = (group: FoundCode[]): boolean =>
    group.every(({ call }) => call !== 'worker') &&
    all.some((other) => isOfModule(other) && runs(other, group[0]!.codePath));
  // The build of a bundle belongs to the workers that run it.
  return all
    .filter((group) => !isBuildOnly(group))
    .map((group) =>
      isOfModule(group)
        ? [...group, ...all.filter((other) => isBuildOnly(other) && runs(other, group[0]!.codePath)).flat()]
        : group,
    );
}

function joinGroup(group: readonly FoundCode[], repository: Repository): FoundProject {
  const queues = distinct(group.flatMap(({ taskQueue }) => taskQueue ?? []));
  return {
    ...optionsOf(group),
    name: queues[0] ?? packageName(group[0]!.packageDir, repository),
    places: distinct(group.map(({ place }) => place)),
    codePath: group[0]!.codePath,
    taskQueue: queues.length === 1 ? queues[0]! : null,
  };
}

/** Returns the options that calls with the same workflow code set together. */
function optionsOf(group: readonly FoundCode[]): CodeOptions {
  const first = group[0]!;
  const one = <K extends keyof CodeOptions>(key: K): CodeOptions[K] | null =>
    group.find((found) => found[key] !== null)?.[key] ?? null;
  const all = (key: 'workflowInterceptors' | 'ignoreModules' | 'preloadModules'): string[] => [
    ...new Set(group.flatMap((found) => found[key])),
  ];
  const isSame = (key: 'namespace' | 'deploymentVersion'): boolean =>
    new Set(group.map((found) => found[key])).size === 1;
  return {
    worker: first.worker,
    workflowsPath: first.workflowsPath,
    bundle: first.bundle,
    // If the code runs in two namespaces, the namespace is that of each history.
    namespace: isSame('namespace') ? one('namespace') : null,
    deploymentVersion: isSame('deploymentVersion') ? one('deploymentVersion') : null,
    workflowInterceptors: all('workflowInterceptors'),
    payloadConverter: one('payloadConverter'),
    failureConverter: one('failureConverter'),
    dataConverter: one('dataConverter'),
    converterExport: one('converterExport'),
    converterCode: one('converterCode'),
    ignoreModules: all('ignoreModules'),
    preloadModules: all('preloadModules'),
    plugins: one('plugins'),
    pluginsCode: one('pluginsCode'),
    movedCode: group.reduce((all, { movedCode }) => ({ ...movedCode, ...all }), {}),
    reuseV8Context: one('reuseV8Context'),
    workflowFailureErrorTypes: one('workflowFailureErrorTypes'),
    todos: distinct(group.flatMap(({ todos }) => todos)),
  };
}

const distinct = <T>(items: readonly T[]): T[] =>
  items.filter((item, i) => items.findIndex((other) => JSON.stringify(other) === JSON.stringify(item)) === i);

/** Returns the project of a file that was found by its name, with the options of its worker as far as they are known. */
function ofFile(
  { place, packageDir }: WorkflowFile,
  worker: FoundCode | null,
  repository: Repository,
): FoundProject {
  const known = worker === null ? NO_OPTIONS : optionsOf([worker]);
  return {
    ...known,
    name: packageName(packageDir, repository),
    places: worker === null ? [] : [worker.place],
    workflowsPath: place.file,
    codePath: place.file,
    taskQueue: null,
    todos: known.todos.filter(({ option }) => option !== 'workflowsPath'),
  };
}

function packageName(dir: string, { root, packages }: Repository): string {
  const at = join(root, dir);
  return shortName(packages.find((one) => one.dir === at) ?? { dir: at, name: null, json: {} });
}

/** Makes names unique: all but the first project of a name are named by their package, file or folder, or by a number. */
function uniqueNames(projects: readonly FoundProject[], repository: Repository): FoundProject[] {
  const used = new Set<string>(projects.map(({ name }) => name));
  return projects.map((project) => {
    const namesakes = projects.filter(({ name }) => name === project.name);
    if (namesakes[0] === project) return project;
    const others = namesakes.filter((other) => other !== project);
    // Each name that is taken can be one of these.
    const numbered = Array.from({ length: used.size + 1 }, (_, n) => `${project.name}-${n + 2}`);
    const name = [...tellingNames(project, others, repository), ...numbered].find((one) => !used.has(one))!;
    used.add(name);
    return { ...project, name };
  });
}

/** Parts of a path that do not identify anything. */
const GENERIC =
  /^(workflows?|workers?|index|main|src|source|lib|libs|dist|build|out|app|apps|packages|services|temporal|\.+|)$/;

function tellingNames(
  project: FoundProject,
  others: readonly FoundProject[],
  repository: Repository,
): string[] {
  const codePackage = codePackageName(project, repository);
  const isOwnPackage = others.every((other) => codePackageName(other, repository) !== codePackage);
  const shared = new Set(others.flatMap(pathParts));
  const innermostFirst = pathParts(project).reverse();
  return [
    ...(isOwnPackage && codePackage !== null ? [codePackage] : []),
    ...innermostFirst.filter((part) => !GENERIC.test(part) && !shared.has(part)),
  ];
}

const codePathOf = ({ codePath, worker, places }: FoundProject): string =>
  codePath ?? worker ?? places[0]?.file ?? '';

/** Returns the folders and the file name without its extensions. */
const pathParts = (project: FoundProject): string[] =>
  codePathOf(project)
    .replace(/(?<=[^/])\.[^/]*$/, '')
    .split('/');

function codePackageName(project: FoundProject, repository: Repository): string | null {
  const found = packageOf(join(repository.root, codePathOf(project)), repository);
  return found && shortName(found);
}

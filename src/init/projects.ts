import { join } from 'node:path';
import type { CodeOptions, FoundCode, FoundWorkers, Place } from './find-workers';
import type { WorkflowFile } from './find-workflow-files';
import { type Repository, shortName } from './repository';

/** One entry of the config to write; its `todos` are for somebody to fill in. */
export interface FoundProject extends CodeOptions {
  name: string;
  /** Where its worker is made, or what else it was found by. */
  places: readonly Place[];
}

/** One project for each workflow code, with what every call that uses it says of it. Names are unique. */
export function projectsOf(
  { code }: FoundWorkers,
  files: readonly WorkflowFile[],
  repository: Repository,
): FoundProject[] {
  const joined = groups(withSources(code)).map((group) => joinGroup(group, repository));
  const projects = joined.length > 0 ? joined : files.map((file) => ofFile(file, repository));
  return uniqueNames(projects);
}

/** A worker that takes a bundle gets the source that the build script of its package bundles: nothing has to be built then. */
function withSources(code: readonly FoundCode[]): FoundCode[] {
  const bundled = code.filter(({ call, workflowsPath }) => call === 'bundle' && workflowsPath !== null);
  return code.map((found) => {
    if (found.bundle === null) return found;
    const sources = bundled.filter(({ packageDir }) => packageDir === found.packageDir);
    if (new Set(sources.map(({ workflowsPath }) => workflowsPath)).size !== 1) return found;
    return { ...found, workflowsPath: sources[0]!.workflowsPath, bundle: null };
  });
}

function groups(code: readonly FoundCode[]): FoundCode[][] {
  const byCode = new Map<string, FoundCode[]>();
  for (const found of code) {
    const { workflowsPath, bundle, place } = found;
    const key = workflowsPath ?? bundle ?? `${place.file}:${place.line}`;
    byCode.set(key, [...(byCode.get(key) ?? []), found]);
  }
  return [...byCode.values()];
}

function joinGroup(group: readonly FoundCode[], repository: Repository): FoundProject {
  const first = group[0]!;
  const one = (key: 'namespace' | 'payloadConverter' | 'failureConverter' | 'dataConverter'): string | null =>
    group.find((found) => found[key] !== null)?.[key] ?? null;
  const all = (key: 'workflowInterceptors' | 'ignoreModules' | 'preloadModules'): string[] => [
    ...new Set(group.flatMap((found) => found[key])),
  ];
  const namespaces = new Set(group.map(({ namespace }) => namespace));
  return {
    name: group.find(({ taskQueue }) => taskQueue)?.taskQueue ?? packageName(first.packageDir, repository),
    places: distinct(group.map(({ place }) => place)),
    workflowsPath: first.workflowsPath,
    bundle: first.bundle,
    // The same code in two namespaces: the histories tell.
    namespace: namespaces.size === 1 ? one('namespace') : null,
    workflowInterceptors: all('workflowInterceptors'),
    payloadConverter: one('payloadConverter'),
    failureConverter: one('failureConverter'),
    dataConverter: one('dataConverter'),
    ignoreModules: all('ignoreModules'),
    preloadModules: all('preloadModules'),
    todos: distinct(group.flatMap(({ todos }) => todos)),
  };
}

const distinct = <T>(items: readonly T[]): T[] =>
  items.filter((item, i) => items.findIndex((other) => JSON.stringify(other) === JSON.stringify(item)) === i);

function ofFile({ place, packageDir }: WorkflowFile, repository: Repository): FoundProject {
  return {
    name: packageName(packageDir, repository),
    places: [],
    workflowsPath: place.file,
    bundle: null,
    namespace: null,
    workflowInterceptors: [],
    payloadConverter: null,
    failureConverter: null,
    dataConverter: null,
    ignoreModules: [],
    preloadModules: [],
    todos: [],
  };
}

function packageName(dir: string, { root, packages }: Repository): string {
  const at = join(root, dir);
  return shortName(packages.find((one) => one.dir === at) ?? { dir: at, name: null, json: {} });
}

function uniqueNames(projects: readonly FoundProject[]): FoundProject[] {
  const used = new Map<string, number>();
  return projects.map((project) => {
    const times = (used.get(project.name) ?? 0) + 1;
    used.set(project.name, times);
    return times === 1 ? project : { ...project, name: `${project.name}-${times}` };
  });
}

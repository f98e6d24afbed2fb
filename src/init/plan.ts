import { basename, join, relative } from 'node:path';
import { TemporalReplayError, messageOf } from '../errors';
import { type CiKind, ciFiles, ciKindOf, joinedCiFile } from './ci-files';
import { withWrittenModules } from './written-modules';
import { findWorkers } from './find-workers';
import type { Place, Todo } from './worker-code';
import { findMissedFiles } from './find-workflow-files';
import { isObject } from '../util/json-file';
import { type PackageManager, packageManagerOf } from '../packages/package-manager';
import { SCRIPT_NAME, addScript } from './package-script';
import { setUpOf } from '../packages/set-up';
import { packageDirOf } from './option-values';
import { createModuleReader } from '../source/module-reader';
import { type FoundProject, projectsOf } from './projects';
import { configKindOf, existingConfig, isOfModules, renderConfig } from './render-config';
import { type Repository, readRepository } from './repository';
import { foldersToSetUp } from './set-up-folders';
import { readTextFile } from '../util/read-text-file';
import { posix } from './source-files';

export interface InitOptions {
  /** Absolute path of the directory to set up. */
  root: string;
  /** Replace existing files. */
  force: boolean;
  /** @default the CI that the repository's files or remotes show */
  ci?: CiKind | undefined;
}

/** A file of a plan. `path` is relative to the root, with slashes. */
export interface PlannedFile {
  path: string;
  /** `keep` for an existing file with other content; `same` for a file with nothing to change. */
  action: 'create' | 'change' | 'replace' | 'keep' | 'same';
  /** The whole text to write, or null if nothing is written. */
  content: string | null;
  /** The text to show: all of a new file, the added line of a changed one. */
  shown: string;
  /** The reason to keep an existing file. */
  note: string | null;
}

/** The findings of `replay init`, and the files to write. */
export interface InitPlan {
  projects: readonly FoundProject[];
  activitiesOnly: readonly Place[];
  todos: readonly Todo[];
  files: readonly PlannedFile[];
  ci: CiKind;
  /** Text for files that are never edited, which the user has to add, with the file's name. */
  byHand: readonly { file: string; text: string }[];
  /** A problem of the installed SDK, with its remedy, or null. */
  sdkProblem: string | null;
  /** The commands to run next, for the repository's package manager. */
  next: readonly string[];
}

/** Folds histories in reviews and keeps them out of language statistics. The file also puts the folder into git. */
const ATTRIBUTES = '*.json linguist-generated gitlab-generated\n';

/**
 * Reads a repository and plans its set-up, without writing anything. Without a package.json in its folder, each folder below that has
 * packages of its own is set up. @throws USAGE if there is nothing to replay, or a package.json is not readable
 */
export async function planInit({ root, force, ci }: InitOptions): Promise<InitPlan> {
  const found: { folder: string; repository: Repository; findings: Findings }[] = [];
  const activitiesOnly: Place[] = [];
  for (const folder of await foldersToSetUp(root)) {
    const repository = await readRepository(folder);
    const findings = findProjects(repository);
    if (findings.projects.length > 0) found.push({ folder, repository, findings });
    else activitiesOnly.push(...findings.activitiesOnly.map((place) => shownFrom(root, folder, place)));
  }
  const [first, ...others] = found;
  if (first === undefined) throw nothingFound(activitiesOnly, root);
  const names = others.length === 0 ? null : new Set<string>();
  const plans = found.map(({ folder, repository, findings }) =>
    inDirectory(
      planFolder(repository, findings, { force, ci, jobName: names && uniqueName(folder, root, names) }),
      root,
      folder,
    ),
  );
  return joined(plans, activitiesOnly);
}

interface Findings {
  projects: readonly FoundProject[];
  activitiesOnly: readonly Place[];
}

function findProjects(repository: Repository): Findings {
  const read = createModuleReader();
  const workers = findWorkers(repository, read);
  const files = findMissedFiles(workers.code, repository, read);
  return { projects: projectsOf(workers, files, repository), activitiesOnly: workers.activitiesOnly };
}

/** Plans the files of one folder. Paths are relative to it. */
function planFolder(
  repository: Repository,
  { projects: found, activitiesOnly }: Findings,
  { force, ci, jobName }: { force: boolean; ci: CiKind | undefined; jobName: string | null },
): InitPlan {
  const { root } = repository;
  const manager = packageManagerOf(root);
  const { projects, modules } = withWrittenModules(
    found,
    configKindOf(repository, found),
    isOfModules(repository),
  );
  const kind = ci ?? ciKindOf(repository);
  const build = buildCommand(repository, projects, manager);
  const inCi = ciFiles(kind, { repository, manager, build, name: jobName });
  const script = scriptFile(readTextFile(join(root, 'package.json')) ?? '', root, force);
  const packages = repository.packages.map(({ dir }) => dir);
  const setUp = setUpOf(root, servicesOf(projects, repository), packages);
  const attributes = { path: join(root, 'histories/.gitattributes'), content: ATTRIBUTES };
  return {
    projects,
    activitiesOnly,
    todos: projects.flatMap(({ todos }) => todos),
    files: [
      configFile(repository, projects, force),
      script,
      ...modules.map(({ path, content }) => wholeFile(join(root, path), content, root, force)),
      ...[...inCi.files, attributes].map((file) => wholeFile(file.path, file.content, root, force)),
    ],
    ci: kind,
    byHand: inCi.byHand ? [inCi.byHand] : [],
    sdkProblem: setUp.problem,
    next: [
      ...(setUp.command === null ? [] : [setUp.command]),
      `${manager.exec} replay fetch --query '${SAMPLE_QUERY}' --limit-per-type 20`,
      script.action === 'keep' ? `${manager.exec} replay run` : manager.runScript(SCRIPT_NAME),
    ],
  };
}

/** Returns a place as it is shown in another directory than its folder. */
const shownFrom = (root: string, folder: string, place: Place): Place => ({
  ...place,
  file: posix(relative(root, join(folder, place.file))),
});

/** Returns the plan of a folder with paths and commands for another directory. */
function inDirectory(plan: InitPlan, root: string, folder: string): InitPlan {
  if (folder === root) return plan;
  const shown = (path: string): string => posix(relative(root, join(folder, path)));
  const place = (one: Place): Place => shownFrom(root, folder, one);
  const todo = (one: Todo): Todo => ({ ...one, place: place(one.place) });
  const dir = posix(relative(root, folder));
  const inFolder = (command: string): string =>
    `(cd ${/^[\w@./-]+$/.test(dir) ? dir : `'${dir}'`} && ${command})`;
  return {
    ...plan,
    projects: plan.projects.map((project) => ({
      ...project,
      places: project.places.map(place),
      codePath: project.codePath && shown(project.codePath),
      worker: project.worker && shown(project.worker),
    })),
    activitiesOnly: plan.activitiesOnly.map(place),
    todos: plan.todos.map(todo),
    files: plan.files.map((file) => ({ ...file, path: shown(file.path) })),
    byHand: plan.byHand.map(({ file, text }) => ({ file: shown(file), text })),
    next: plan.next.map(inFolder),
  };
}

/** Joins the plans of several folders. A file of CI that they share has the jobs of all of them. */
function joined(plans: readonly InitPlan[], activitiesOnly: readonly Place[]): InitPlan {
  const files = new Map<string, PlannedFile>();
  for (const file of plans.flatMap((plan) => plan.files)) {
    const known = files.get(file.path);
    const both = (a: string | null, b: string | null): string | null =>
      a === null || b === null ? (a ?? b) : joinedCiFile(a, b);
    files.set(
      file.path,
      known
        ? { ...known, content: both(known.content, file.content), shown: both(known.shown, file.shown) ?? '' }
        : file,
    );
  }
  const problems = plans.flatMap(({ sdkProblem }) => sdkProblem ?? []);
  return {
    projects: plans.flatMap(({ projects }) => projects),
    activitiesOnly: [...activitiesOnly, ...plans.flatMap((plan) => plan.activitiesOnly)],
    todos: plans.flatMap(({ todos }) => todos),
    files: [...files.values()],
    ci: plans[0]!.ci,
    byHand: plans.flatMap(({ byHand }) => byHand),
    sdkProblem: problems.length === 0 ? null : [...new Set(problems)].join('\n  '),
    next: plans.flatMap(({ next }) => next),
  };
}

/** Returns the name of a folder's job in CI: the folder's own name, or its path where another folder has that name. */
function uniqueName(folder: string, root: string, used: Set<string>): string {
  const path = posix(relative(root, folder)).replaceAll('/', '-');
  const name = used.has(basename(folder)) ? path : basename(folder);
  used.add(name);
  return name;
}

function nothingFound(activitiesOnly: readonly Place[], root: string): TemporalReplayError {
  const [worker] = activitiesOnly;
  if (worker !== undefined)
    return new TemporalReplayError(
      'USAGE',
      `The only workers in ${root} have no workflows, such as that of ${worker.file}:${worker.line}: there is nothing to replay.`,
      { hint: 'Run `replay init` in the folder of the service that has the workflows.' },
    );
  return new TemporalReplayError(
    'USAGE',
    `No worker was found in ${root}: no Worker.create, no bundleWorkflowCode, no file named workflows.`,
    {
      hint: 'Run `replay init` in the folder of your service, or write replay.config.ts yourself: docs/configuration.md.',
    },
  );
}

/**
 * The runs of a first sample. Open runs are those that a bad deploy gets stuck, and each way in which runs end takes a path of its
 * own. A terminated run was ended from outside; one that was reset goes on as another run.
 */
export const SAMPLE_QUERY = 'ExecutionStatus != "Terminated"';

function configFile(repository: Repository, projects: readonly FoundProject[], force: boolean): PlannedFile {
  const { root } = repository;
  const kind = configKindOf(repository, projects);
  const existing = existingConfig(root);
  // Of two config files, only one would be read.
  if (existing !== null && existing !== kind.file)
    return kept(existing, `it can't be replaced by ${kind.file} beside it: remove it first to get a new one`);
  return wholeFile(join(root, kind.file), renderConfig(projects, kind), root, force);
}

function wholeFile(path: string, content: string, root: string, force: boolean): PlannedFile {
  const shownPath = posix(relative(root, path));
  const before = readTextFile(path);
  if (before === null) return { path: shownPath, action: 'create', content, shown: content, note: null };
  if (before === content) return same(shownPath);
  if (!force) return kept(shownPath, '--force replaces it');
  return { path: shownPath, action: 'replace', content, shown: content, note: null };
}

const kept = (path: string, note: string): PlannedFile => ({
  path,
  action: 'keep',
  content: null,
  shown: '',
  note,
});

const same = (path: string): PlannedFile => ({ path, action: 'same', content: null, shown: '', note: null });

function scriptFile(text: string, root: string, force: boolean): PlannedFile {
  const path = 'package.json';
  try {
    const edit = addScript(text, force);
    switch (edit.outcome) {
      case 'there':
        return same(path);
      case 'taken':
        return kept(path, `its script "${SCRIPT_NAME}" does something else; --force replaces it`);
      default:
        return { path, action: 'change', content: edit.text, shown: `${edit.line}\n`, note: null };
    }
  } catch (err) {
    throw new TemporalReplayError('USAGE', `${join(root, path)} is no JSON: ${messageOf(err)}`, {
      cause: err,
    });
  }
}

/** Returns the directories of the packages that have the workers and the workflow code. */
function servicesOf(projects: readonly FoundProject[], repository: Repository): string[] {
  const files = projects.flatMap(({ codePath, worker, places }) => [
    ...[codePath, worker].filter((path) => path !== null),
    ...places.map(({ file }) => file),
  ]);
  return [...new Set(files.map((file) => packageDirOf(join(repository.root, file), repository)))];
}

/** Returns the build command for CI, which a prebuilt bundle and the compiled packages of a workspace need. */
function buildCommand(
  { packages, root }: Repository,
  projects: readonly FoundProject[],
  manager: PackageManager,
): string | null {
  const scripts = packages.find(({ dir }) => dir === root)?.json['scripts'];
  const isNeeded = packages.length > 1 || projects.some(({ bundle }) => bundle !== null);
  return isNeeded && isObject(scripts) && scripts['build'] !== undefined ? manager.runScript('build') : null;
}

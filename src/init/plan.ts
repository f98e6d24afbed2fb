import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { TemporalReplayError, messageOf } from '../errors';
import { type CiKind, ciFiles, ciKindOf } from './ci-files';
import { findWorkers } from './find-workers';
import type { FoundWorkers, Place, Todo } from './worker-code';
import { findMissedFiles } from './find-workflow-files';
import { isObject } from '../util/json-file';
import { type PackageManager, packageManagerOf } from '../packages/package-manager';
import { SCRIPT_NAME, addScript } from './package-script';
import { createModuleReader } from '../source/module-reader';
import { type FoundProject, projectsOf } from './projects';
import { configKindOf, existingConfig, renderConfig } from './render-config';
import { type Repository, readRepository } from './repository';
import { readTextFile } from '../util/read-text-file';
import { posix } from './source-files';

export interface InitOptions {
  /** Absolute path of the directory for the config, which must have a package.json. */
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
  /** The commands to run next, for the repository's package manager. */
  next: readonly string[];
}

/** Folds histories in reviews and keeps them out of language statistics. The file also puts the folder into git. */
const ATTRIBUTES = '*.json linguist-generated gitlab-generated\n';

/** Reads a repository and plans its set-up, without writing anything. @throws USAGE if there is no readable package.json, or nothing to replay */
export async function planInit({ root, force, ci }: InitOptions): Promise<InitPlan> {
  const packageJson = readTextFile(join(root, 'package.json'));
  if (packageJson === null)
    throw new TemporalReplayError('USAGE', `There is no package.json in ${root}.`, {
      hint: "Run `replay init` in the folder of your service's or repository's package.json.",
    });
  const repository = await readRepository(root);
  const read = createModuleReader();
  const workers = findWorkers(repository, read);
  const files = findMissedFiles(workers.code, repository, read);
  const projects = projectsOf(workers, files, repository);
  if (projects.length === 0) throw nothingFound(workers, root);
  const manager = packageManagerOf(repository.root);
  const kind = ci ?? ciKindOf(repository);
  const inCi = ciFiles(kind, repository, manager, buildCommand(repository, projects, manager));
  const script = scriptFile(packageJson, root, force);
  const absolute = (path: string): string => join(root, path);
  return {
    projects,
    activitiesOnly: workers.activitiesOnly,
    todos: projects.flatMap(({ todos }) => todos),
    files: [
      configFile(repository, projects, force),
      script,
      ...[...inCi.files, { path: absolute('histories/.gitattributes'), content: ATTRIBUTES }].map((file) =>
        wholeFile(file.path, file.content, root, force),
      ),
    ],
    ci: kind,
    byHand: inCi.byHand ? [inCi.byHand] : [],
    next: [
      ...(isInstalled(repository) ? [] : [manager.addDev('temporal-replay')]),
      `${manager.exec} replay fetch --query '${SAMPLE_QUERY}' --limit-per-type 20`,
      script.action === 'keep' ? `${manager.exec} replay run` : manager.runScript(SCRIPT_NAME),
    ],
  };
}

function nothingFound({ activitiesOnly }: FoundWorkers, root: string): TemporalReplayError {
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

const isInstalled = ({ root, gitRoot }: Repository): boolean =>
  [root, gitRoot].some((dir) => existsSync(join(dir, 'node_modules/temporal-replay')));

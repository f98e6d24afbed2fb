import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type PackageManager, pnpmVersion } from '../packages/package-manager';
import type { Repository } from './repository';
import { readTextFile } from '../util/read-text-file';
import { posix } from './source-files';

export type CiKind = 'github' | 'gitlab' | 'none';

/** A file to write. `path` is absolute. */
export interface NewFile {
  path: string;
  content: string;
}

export interface CiFiles {
  files: NewFile[];
  /** Text that the user has to add to an existing file, with the file's name. */
  byHand: { file: string; text: string } | null;
}

/** Returns the CI of a repository, by its files, then by its git remotes. */
export function ciKindOf({ gitRoot }: Repository): CiKind {
  if (existsSync(join(gitRoot, '.github'))) return 'github';
  if (existsSync(join(gitRoot, '.gitlab-ci.yml'))) return 'gitlab';
  const urls = [...(gitFile(gitRoot, 'config') ?? '').matchAll(/^\s*url\s*=\s*(.+)$/gm)].map(
    ([, url]) => url!,
  );
  if (urls.some((url) => /github/i.test(url))) return 'github';
  return urls.some((url) => /gitlab/i.test(url)) ? 'gitlab' : 'none';
}

/** Reads a file of the git folder; in a work tree, that of the repository that it belongs to. */
function gitFile(gitRoot: string, name: string): string | null {
  const git = join(gitRoot, '.git');
  const elsewhere = /^gitdir: (.+)$/m.exec(readTextFile(git) ?? '')?.[1];
  if (elsewhere === undefined) return readTextFile(join(git, name));
  const own = resolve(gitRoot, elsewhere);
  const common = readTextFile(join(own, 'commondir'))?.trim() ?? '.';
  return readTextFile(join(own, common, name));
}

const defaultBranch = (gitRoot: string): string =>
  /^ref: refs\/remotes\/origin\/(.+)$/m.exec(gitFile(gitRoot, 'refs/remotes/origin/HEAD') ?? '')?.[1] ??
  'main';

/** The replay of one folder in CI. */
export interface CiJob {
  repository: Repository;
  manager: PackageManager;
  /** A command to run before it, or null. */
  build: string | null;
  /** A name that tells it from the replays of other folders; null if there are none. */
  name: string | null;
}

/** Returns the files that run the replay in CI. */
export function ciFiles(kind: CiKind, job: CiJob): CiFiles {
  const { repository } = job;
  const suffix = job.name === null ? '' : `-${job.name}`;
  switch (kind) {
    case 'github':
      return {
        files: [
          {
            path: join(repository.gitRoot, `.github/workflows/replay${suffix}.yml`),
            content: githubWorkflow(job, suffix),
          },
        ],
        byHand: null,
      };
    case 'gitlab':
      return gitlabFiles(job, suffix);
    case 'none':
      return { files: [], byHand: null };
  }
}

function githubWorkflow({ repository, manager, build }: CiJob, suffix: string): string {
  const { root, gitRoot } = repository;
  const installed = posix(relative(gitRoot, manager.dir));
  const directory = posix(relative(gitRoot, root));
  const at = (dir: string, path: string): string => (dir === '' ? path : `${dir}/${path}`);
  // pnpm links a package only into the packages that depend on it; the others install it beside the lockfile.
  const action = at(manager.name === 'pnpm' ? directory : installed, 'node_modules/temporal-replay');
  return [
    '# Written by `replay init`: replays the recorded histories against the code of each pull request.',
    `name: ${yamlText(`replay${suffix}`)}`,
    'on:',
    '  pull_request:',
    '  push:',
    `    branches: [${yamlText(defaultBranch(gitRoot))}]`,
    'permissions:',
    '  contents: read',
    'jobs:',
    '  replay:',
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 20',
    '    steps:',
    '      - uses: actions/checkout@v6',
    ...setupSteps(manager, gitRoot, at(installed, manager.lockfile ?? '')),
    `      - run: ${manager.install}`,
    ...(installed === '' ? [] : [`        working-directory: ${yamlText(installed)}`]),
    ...(build === null ? [] : [`      - run: ${build}`]),
    ...(build === null || directory === '' ? [] : [`        working-directory: ${yamlText(directory)}`]),
    '      # The action of the installed version, so that action and package always match.',
    `      - uses: ${yamlText(`./${action}`)}`,
    ...(directory === '' ? [] : ['        with:', `          working-directory: ${yamlText(directory)}`]),
    '',
  ].join('\n');
}

function setupSteps(manager: PackageManager, gitRoot: string, lockfile: string): string[] {
  const { name, dir } = manager;
  const version = name === 'pnpm' ? pnpmVersion(dir) : null;
  const versionFile = ['.nvmrc', '.node-version'].find((file) => existsSync(join(gitRoot, file)));
  const isCached = manager.lockfile !== null && name !== 'bun';
  return [
    ...(name === 'pnpm' ? ['      - uses: pnpm/action-setup@v4'] : []),
    ...(version === null ? [] : ['        with:', `          version: ${version}`]),
    ...(name === 'bun' ? ['      - uses: oven-sh/setup-bun@v2'] : []),
    ...(name === 'yarn' && manager.install.includes('--immutable') ? ['      - run: corepack enable'] : []),
    '      - uses: actions/setup-node@v6',
    '        with:',
    versionFile ? `          node-version-file: ${versionFile}` : '          node-version: 22',
    ...(isCached ? [`          cache: ${name}`] : []),
    ...(isCached && lockfile.includes('/') ? [`          cache-dependency-path: ${yamlText(lockfile)}`] : []),
  ];
}

const GITLAB_TEMPLATE = join(__dirname, '../../templates/gitlab-ci.yml');
const GITLAB_COPY = '.gitlab/temporal-replay.yml';
const GITLAB_INCLUDE = `include:\n  - local: ${GITLAB_COPY}\n`;

/** Returns one file in the place of two that the replays of two folders need. */
export const joinedCiFile = (first: string, second: string): string =>
  first === second ? first : `${first}\n${second.replace(`${GITLAB_INCLUDE}\n`, '')}`;

/** Returns a copy of the template and the file whose job includes it. The latter may exist with other jobs. */
function gitlabFiles(job: CiJob, suffix: string): CiFiles {
  const { root, gitRoot } = job.repository;
  const main = join(gitRoot, '.gitlab-ci.yml');
  const text = gitlabJob(job, suffix);
  const copy = { path: join(gitRoot, GITLAB_COPY), content: readFileSync(GITLAB_TEMPLATE, 'utf8') };
  const existing = readTextFile(main);
  if (existing === null) return { files: [copy, { path: main, content: text }], byHand: null };
  const file = posix(relative(root, main));
  return { files: [copy], byHand: existing.includes(GITLAB_COPY) ? null : { file, text } };
}

function gitlabJob({ repository: { root, gitRoot }, manager, build }: CiJob, suffix: string): string {
  const directory = posix(relative(gitRoot, root));
  const installed = posix(relative(gitRoot, manager.dir));
  const prepare = {
    npm: [],
    pnpm: ['corepack enable'],
    yarn: ['corepack enable'],
    bun: ['npm install --global bun'],
  };
  const commands = [
    ...prepare[manager.name],
    inFolder(installed, manager.install),
    ...(build === null ? [] : [inFolder(directory, build)]),
  ];
  return [
    GITLAB_INCLUDE,
    `${yamlText(`temporal-replay${suffix}`)}:`,
    '  extends: .temporal-replay',
    '  before_script:',
    ...commands.map((command) => `    - ${yamlText(command)}`),
    ...(directory === '' ? [] : ['  variables:', `    REPLAY_DIRECTORY: ${yamlText(directory)}`]),
    '',
  ].join('\n');
}

const inFolder = (folder: string, command: string): string =>
  folder === '' ? command : `(cd ${shellText(folder)} && ${command})`;

const yamlText = (text: string): string =>
  /^[\w./][\w./ -]*$/.test(text) && !/^(true|false|yes|no|null|[\d.]+)$/i.test(text)
    ? text
    : JSON.stringify(text);
const shellText = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

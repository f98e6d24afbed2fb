import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { OriginRepository, RunOrigin } from '../model/run-origin';
import { ownVersion } from '../packages/own-version';
import { sdkDirectory } from '../packages/sdk-resolution';
import { WORKER, versionLoadedFrom } from '../packages/temporal-packages';
import { type CiOrigin, ciOrigin } from '../util/ci-origin';
import { gitOutput } from '../util/git-output';
import { gitRootOf } from '../util/git-root';
import { repositoryUrl, filesUrlOf } from './repository-url';

/** Time after which git is given up: a report does without it. */
const GIT_TIMEOUT_MS = 5_000;

/** Returns where and with which versions a run takes place. Never rejects: what cannot be found out is null. */
export async function runOrigin(
  cwd: string,
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): Promise<Omit<RunOrigin, 'projects'>> {
  const startedAt = new Date().toISOString();
  const ci = ciOrigin(env);
  return {
    startedAt,
    versions: {
      tool: ownVersion(),
      sdk: versionLoadedFrom(sdkDirectory(), WORKER),
      node: process.versions.node,
    },
    repository: await repositoryOf(cwd, ci),
    job: ci.job,
    temporalUi: null,
  };
}

async function repositoryOf(cwd: string, ci: CiOrigin): Promise<OriginRepository | null> {
  const directory = realPath(cwd);
  const root = gitRootOf(directory);
  if (root === null && ci.url === null) return null;
  const [state, remotes] =
    root === null
      ? [null, null]
      : await Promise.all([
          gitOutput(root, ['status', '--porcelain=v2', '--branch', '--untracked-files=no'], GIT_TIMEOUT_MS),
          gitOutput(root, ['config', '--get-regexp', String.raw`^remote\..*\.url$`], GIT_TIMEOUT_MS),
        ]);
  const found = stateOf(state);
  const url = ci.url ?? repositoryUrl(remotes);
  const commit = ci.commit ?? found.commit;
  return {
    url,
    branch: ci.branch ?? found.branch,
    commit,
    isModified: found.isModified,
    directory: root === null ? '' : relative(root, directory).split(sep).join('/'),
    filesUrl: ci.filesUrl ?? filesUrlOf(url, commit),
  };
}

/** Reads the output of `git status --porcelain=v2 --branch`. */
function stateOf(status: string | null): Pick<OriginRepository, 'branch' | 'commit' | 'isModified'> {
  if (status === null) return { branch: null, commit: null, isModified: null };
  const lines = status.split('\n');
  const header = (name: string): string | null =>
    lines.find((line) => line.startsWith(`# ${name} `))?.slice(`# ${name} `.length) ?? null;
  const [branch, commit] = [header('branch.head'), header('branch.oid')];
  return {
    branch: branch === '(detached)' ? null : branch,
    commit: commit === '(initial)' ? null : commit,
    isModified: lines.some((line) => line !== '' && !line.startsWith('#')),
  };
}

/** Returns a path without symbolic links, or as it is if it cannot be resolved. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

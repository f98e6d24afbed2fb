import { readFileSync } from 'node:fs';

/** Facts about the code and the job that the variables of a CI runner tell. */
export interface CiOrigin {
  /** URL of the repository's page. */
  url: string | null;
  branch: string | null;
  commit: string | null;
  /** URL to which the path of a file is added. */
  filesUrl: string | null;
  job: string | null;
}

type Env = Readonly<NodeJS.ProcessEnv>;

const NOTHING: CiOrigin = { url: null, branch: null, commit: null, filesUrl: null, job: null };

/** Reads the variables of GitHub Actions, GitLab CI and some other runners. A fact that they do not tell is null. */
export function ciOrigin(env: Env): CiOrigin {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  if (server && repository) return ofGitHub(env, `${server}/${repository}`);
  const { CI_PROJECT_URL: project, CI_COMMIT_SHA: commit } = env;
  if (project && commit) return ofGitLab(env, project, commit);
  return {
    ...NOTHING,
    branch: env['BITBUCKET_BRANCH'] || env['CIRCLE_BRANCH'] || env['BUILDKITE_BRANCH'] || null,
    job: env['CIRCLE_BUILD_URL'] || env['BUILDKITE_BUILD_URL'] || env['BUILD_URL'] || null,
  };
}

function ofGitHub(env: Env, url: string): CiOrigin {
  const { GITHUB_HEAD_REF: head, GITHUB_REF_NAME: ref, GITHUB_RUN_ID: run } = env;
  const commit = headCommit(env);
  return {
    url,
    branch: head || ref || null,
    commit,
    filesUrl: `${url}/blob/${commit ?? 'HEAD'}`,
    job: run ? `${url}/actions/runs/${run}` : null,
  };
}

const ofGitLab = (env: Env, url: string, commit: string): CiOrigin => ({
  url,
  branch: env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'] || env['CI_COMMIT_REF_NAME'] || null,
  commit,
  filesUrl: `${url}/-/blob/${commit}`,
  job: env['CI_JOB_URL'] || null,
});

/** Returns the newest commit of a pull request. `GITHUB_SHA` is its merge with the base, which is soon gone. */
function headCommit({ GITHUB_EVENT_PATH: path, GITHUB_SHA: sha }: Env): string | null {
  try {
    const event = JSON.parse(readFileSync(path ?? '', 'utf8')) as {
      pull_request?: { head?: { sha?: unknown } };
    };
    const head = event.pull_request?.head?.sha;
    if (typeof head === 'string') return head;
  } catch {
    // The job's own commit will do.
  }
  return sha || null;
}

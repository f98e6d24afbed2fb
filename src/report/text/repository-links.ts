import { readFileSync } from 'node:fs';
import type { SourceLocation } from '../../model/source';
import type { ReporterContext } from '../reporter';
import { repositoryPath } from './repository-path';

/** Links from a report to the repository and to the job that made it. */
export interface RepositoryLinks {
  /** Returns the URL of a line; null if the repository is not known, or the file is outside of it. */
  lineUrl(location: Pick<SourceLocation, 'file' | 'line'>): string | null;
  /** URL of the job; null if it is not known. */
  run: string | null;
}

export const NO_LINKS: RepositoryLinks = { lineUrl: () => null, run: null };

/** Returns the links that the variables of GitHub Actions and GitLab CI give. */
export function repositoryLinks(context: ReporterContext): RepositoryLinks {
  const { env } = context;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server && repository)
    return {
      lineUrl: linesBelow(`${server}/${repository}/blob/${headCommit(env)}`, context),
      run: run ? `${server}/${repository}/actions/runs/${run}` : null,
    };
  const { CI_PROJECT_URL: project, CI_COMMIT_SHA: commit, CI_JOB_URL: job } = env;
  if (project && commit)
    return { lineUrl: linesBelow(`${project}/-/blob/${commit}`, context), run: job ?? null };
  return NO_LINKS;
}

const linesBelow =
  (url: string, context: ReporterContext): RepositoryLinks['lineUrl'] =>
  ({ file, line }) => {
    const path = repositoryPath(file, context);
    return path === null ? null : `${url}/${path.split('/').map(encodeURIComponent).join('/')}#L${line}`;
  };

/** Returns the newest commit of a pull request. `GITHUB_SHA` is its merge with the base, which is soon gone. */
function headCommit({ GITHUB_EVENT_PATH: path, GITHUB_SHA: sha }: Readonly<NodeJS.ProcessEnv>): string {
  try {
    const event = JSON.parse(readFileSync(path ?? '', 'utf8')) as {
      pull_request?: { head?: { sha?: unknown } };
    };
    const head = event.pull_request?.head?.sha;
    if (typeof head === 'string') return head;
  } catch {
    // The job's own commit will do.
  }
  return sha ?? 'HEAD';
}

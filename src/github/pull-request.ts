import { readFileSync } from 'node:fs';
import { TemporalReplayError, messageOf } from '../errors';

/** A pull request, and the access to its repository. */
export interface PullRequest {
  /** URL of the REST API, without a slash at the end. */
  api: string;
  /** `owner/name`. */
  repository: string;
  number: number;
  /** Hash of the newest commit of the pull request. */
  head: string;
  token: string;
}

interface PullRequestEvent {
  pull_request?: { number?: unknown; head?: { sha?: unknown } };
}

/**
 * Returns the pull request that a job of GitHub Actions runs for; null if the event that started it is about none.
 *
 * @throws USAGE outside of GitHub Actions, and without a token
 */
export function pullRequestOf(env: Readonly<NodeJS.ProcessEnv>): PullRequest | null {
  const { GITHUB_REPOSITORY: repository, GITHUB_EVENT_PATH: path, GITHUB_TOKEN: token } = env;
  if (!repository || !path)
    throw new TemporalReplayError('USAGE', 'This is no job of GitHub Actions, so there is no pull request.', {
      hint: 'The command reads GITHUB_REPOSITORY and GITHUB_EVENT_PATH, which a job of GitHub Actions has.',
    });
  const { pull_request: event } = eventIn(path);
  if (typeof event?.number !== 'number' || typeof event.head?.sha !== 'string') return null;
  if (!token)
    throw new TemporalReplayError('USAGE', 'There is no token to comment with.', {
      hint: 'Give the step GITHUB_TOKEN: ${{ github.token }}, and the job the permission pull-requests: write.',
    });
  const api = (env['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/$/, '');
  return { api, repository, number: event.number, head: event.head.sha, token };
}

function eventIn(path: string): PullRequestEvent {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PullRequestEvent;
  } catch (err) {
    throw new TemporalReplayError('USAGE', `GITHUB_EVENT_PATH cannot be read: ${messageOf(err)}`);
  }
}

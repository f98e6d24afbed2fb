import { TemporalReplayError, messageOf } from '../errors';
import { retry } from '../util/retry';
import type { PullRequest } from './pull-request';

/** Time in ms after which a request counts as failed. */
const TIMEOUT_MS = 30_000;
const ATTEMPTS = 4;
const DELAY_MS = 1_000;
const PAGE_SIZE = 100;
/** Number of pages after which a list is cut: 3,000 files are all that GitHub lists of a pull request. */
const MAX_PAGES = 30;

/** An answer of GitHub other than success. */
export class GitHubRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Requests to the REST API of GitHub for one repository. Paths are relative to it. */
export class GitHubApi {
  constructor(private readonly target: Pick<PullRequest, 'api' | 'repository' | 'token'>) {}

  /** Returns all entries of a list. @throws GitHubRefusal; TemporalReplayError GITHUB_FAILED */
  async list<T>(path: string): Promise<T[]> {
    const entries: T[] = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
      const found = (await this.send('GET', `${path}?per_page=${PAGE_SIZE}&page=${page}`)) as T[];
      entries.push(...found);
      if (found.length < PAGE_SIZE) break;
    }
    return entries;
  }

  /** Sends a request, again if GitHub is busy. @throws GitHubRefusal; TemporalReplayError GITHUB_FAILED */
  async send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<unknown> {
    try {
      return await retry(() => this.once(method, path, body), {
        delayAfter: (err, attempt) => (attempt < ATTEMPTS && mayPass(err) ? DELAY_MS : null),
      });
    } catch (err) {
      if (err instanceof GitHubRefusal) throw err;
      const { api } = this.target;
      throw new TemporalReplayError('GITHUB_FAILED', `${api} cannot be reached: ${messageOf(err)}`, {
        cause: err,
      });
    }
  }

  private async once(method: string, path: string, body: object | undefined): Promise<unknown> {
    const { api, repository, token } = this.target;
    const response = await fetch(`${api}/repos/${repository}/${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new GitHubRefusal(response.status, messageIn(text) ?? response.statusText);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }
}

/** Returns true for an error after which the same request may succeed. A request that may have been taken is not sent again. */
const mayPass = (err: unknown): boolean =>
  err instanceof GitHubRefusal ? err.status === 429 || err.status === 502 || err.status === 503 : false;

function messageIn(text: string): string | null {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : null;
  } catch {
    return null;
  }
}

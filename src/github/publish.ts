import type { DiagnosedReport } from '../model/report';
import { type GitHubApi, GitHubRefusal } from './api';
import type { PullRequest } from './pull-request';
import { type ReviewComment, keyOf } from './review-comments';

interface Comment {
  id: number;
  body?: string;
}

/** Outcome of the comments of a run. */
export interface Published {
  /** Action on the comment of the pull request. `none` is for a run without findings that found no comment of an earlier one. */
  comment: 'created' | 'updated' | 'none';
  /** Numbers of comments on lines. */
  added: number;
  kept: number;
  removed: number;
  /** The reason why comments on lines were refused; null if they were not. */
  refused: string | null;
}

/**
 * Brings the comments on a pull request up to date: one for the whole report, which is edited from run to run, and one for each
 * finding on its lines. Comments on lines whose finding is gone are removed, unless the run did not come to its end: what it has not
 * replayed may still fail.
 *
 * @throws GitHubRefusal; TemporalReplayError GITHUB_FAILED
 */
export async function publishComments(
  api: GitHubApi,
  { number, head }: Pick<PullRequest, 'number' | 'head'>,
  text: { mark: string; body: string; hasFindings: boolean; isComplete: boolean },
  comments: readonly ReviewComment[],
): Promise<Published> {
  const comment = await publishComment(api, number, text);
  const existing = await api.list<Comment>(`pulls/${number}/comments`);
  const known = new Map<string, number>();
  for (const { id, body } of existing) {
    const key = keyOf(body ?? '');
    if (key) known.set(key, id);
  }
  const wanted = new Map(comments.map((each) => [keyOf(each.body)!, each]));
  const stale = text.isComplete ? [...known].filter(([key]) => !wanted.has(key)) : [];
  for (const [, id] of stale) await api.send('DELETE', `pulls/comments/${id}`);
  const missing = [...wanted].filter(([key]) => !known.has(key)).map(([, each]) => each);
  const refused = missing.length === 0 ? null : await addReview(api, number, head, missing);
  return {
    comment,
    added: refused === null ? missing.length : 0,
    kept: wanted.size - missing.length,
    removed: stale.length,
    refused,
  };
}

async function publishComment(
  api: GitHubApi,
  number: number,
  { mark, body, hasFindings }: { mark: string; body: string; hasFindings: boolean },
): Promise<Published['comment']> {
  const all = await api.list<Comment>(`issues/${number}/comments`);
  const own = all.find((comment) => comment.body?.startsWith(mark));
  if (own) await api.send('PATCH', `issues/comments/${own.id}`, { body });
  else if (hasFindings) await api.send('POST', `issues/${number}/comments`, { body });
  return own ? 'updated' : hasFindings ? 'created' : 'none';
}

/** Adds comments as one review. Returns why GitHub refuses them, as it does if the pull request has moved on meanwhile. */
async function addReview(
  api: GitHubApi,
  number: number,
  head: string,
  comments: readonly ReviewComment[],
): Promise<string | null> {
  try {
    await api.send('POST', `pulls/${number}/reviews`, { commit_id: head, event: 'COMMENT', comments });
    return null;
  } catch (err) {
    if (err instanceof GitHubRefusal && err.status === 422) return err.message;
    throw err;
  }
}

/** Returns true if a report has something to say on a pull request. */
export const hasFindings = ({ groups, status }: DiagnosedReport): boolean =>
  groups.length > 0 || status !== 'complete';

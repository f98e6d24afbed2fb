import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { TemporalReplayError } from '../../errors';
import { GitHubApi, GitHubRefusal } from '../../github/api';
import { type PullRequestFile, commentableLines } from '../../github/commentable-lines';
import { type Published, hasFindings, publishComments } from '../../github/publish';
import { type PullRequest, pullRequestOf } from '../../github/pull-request';
import { reviewComments } from '../../github/review-comments';
import type { DiagnosedReport } from '../../model/report';
import { readReport } from '../../report/read-report';
import { MARK, commentText } from '../../report/reporters/markdown';
import type { Screen } from '../../report/screen';
import { repositoryPath } from '../../report/text/repository-path';
import { readTextFile } from '../../util/read-text-file';
import type { Command } from '../command';
import { refuseRepeatedFlags } from '../options/repeated-flags';
import { processScreen } from '../terminal/screen';

interface CommentArgs {
  report: string;
}

export const commentCommand: Command<CommentArgs> = {
  builder: (yargs) =>
    yargs.positional('report', {
      type: 'string',
      describe: 'File that the reporter json has written',
    }) as unknown as Argv<CommentArgs>,
  handler: async (args) => {
    refuseRepeatedFlags(args);
    await comment(await readReport(args.report), processScreen());
  },
};

/** Comments on the pull request that the job runs for. @throws USAGE, GITHUB_FAILED */
async function comment(report: DiagnosedReport, screen: Screen): Promise<void> {
  const pullRequest = pullRequestOf(process.env);
  if (!pullRequest) {
    screen.note('The job runs for no pull request: there is nothing to comment on.');
    return;
  }
  try {
    screen.note(outcomeLines(await publish(report, pullRequest), pullRequest));
  } catch (err) {
    if (!(err instanceof GitHubRefusal)) throw err;
    throw new TemporalReplayError(
      'GITHUB_FAILED',
      `GitHub refuses the comments: ${err.message} (${err.status}).`,
      {
        hint: 'The job needs the permission pull-requests: write. The token of a pull request from a fork has none.',
      },
    );
  }
}

async function publish(report: DiagnosedReport, pullRequest: PullRequest): Promise<Published> {
  const api = new GitHubApi(pullRequest);
  const context = { cwd: process.cwd(), env: process.env };
  const files = await api.list<PullRequestFile>(`pulls/${pullRequest.number}/files`);
  const comments = reviewComments(report.groups, {
    pathOf: (file) => repositoryPath(file, context),
    textOf: (file) => readTextFile(resolve(context.cwd, file)),
    lines: commentableLines(files),
  });
  const text = {
    ...{ mark: MARK, body: commentText(report, context) },
    ...{ hasFindings: hasFindings(report), isComplete: report.status === 'complete' },
  };
  return publishComments(api, pullRequest, text, comments);
}

const COMMENT_WORDS: Readonly<Record<Published['comment'], string>> = {
  created: 'The comment was created',
  updated: 'The comment was updated',
  none: 'Nothing is to be said',
};

function outcomeLines(
  { comment: done, added, kept, removed, refused }: Published,
  { number }: PullRequest,
): string[] {
  return [
    `${COMMENT_WORDS[done]} on pull request ${number}; on its lines ${added} added, ${kept} kept, ${removed} removed.`,
    ...(refused === null ? [] : [`GitHub refuses the comments on lines: ${refused}.`]),
  ];
}

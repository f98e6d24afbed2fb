import { createHash } from 'node:crypto';
import { type FailureGroup, type Remedy, hasPassedTrial } from '../model/diagnosis';
import type { SourceEdit } from '../model/source';
import { fenced, inlineMarkdown } from '../report/text/markdown-text';
import { trialText } from '../report/text/trial-text';

/** A comment on lines of a pull request, as GitHub takes it. */
export interface ReviewComment {
  path: string;
  line: number;
  start_line?: number;
  side: 'RIGHT';
  body: string;
}

/** The files that comments are on. Paths of files are those of the report. */
export interface CommentedFiles {
  /** Returns the path within the repository; null for a file outside of it. */
  pathOf(file: string): string | null;
  /** Returns the text of a file now. */
  textOf(file: string): string | null;
  /** Lines of the pull request that a comment may be on, by the path within the repository. */
  lines: ReadonlyMap<string, ReadonlySet<number>>;
}

/** Number of causes that get comments of their own. */
const MAX_CAUSES = 20;

/** Returns the comments on causes that lie in the changes of a pull request: suggestions where a change was tried and passed. */
export function reviewComments(groups: readonly FailureGroup[], files: CommentedFiles): ReviewComment[] {
  return groups.slice(0, MAX_CAUSES).flatMap((group) => {
    const remedy = group.remedies.find(hasPassedTrial);
    const suggested = remedy ? suggestions(group, remedy, files) : null;
    return suggested ?? onItsLine(group, remedy ?? null, files);
  });
}

/** Returns a suggestion for each edit; null if one of them is on a line that no comment may be on. */
function suggestions(group: FailureGroup, remedy: Remedy, files: CommentedFiles): ReviewComment[] | null {
  const comments: ReviewComment[] = [];
  const edits = [...remedy.edits].sort((a, b) => size(b) - size(a));
  for (const [n, edit] of edits.entries()) {
    const path = files.pathOf(edit.file);
    const replaced = replacedLines(edit, files.textOf(edit.file));
    if (path === null || !replaced) return null;
    const { from, to, text } = replaced;
    const allowed = files.lines.get(path);
    for (let line = from; line <= to; line++) if (!allowed?.has(line)) return null;
    const said =
      n === 0
        ? explanation(group, remedy)
        : `Part ${n + 1} of the change “${inlineMarkdown(remedy.title)}”: accept all parts at once.`;
    comments.push(comment(path, from, to, `${said}\n\n${fenced(text, 'suggestion')}`));
  }
  return comments;
}

const size = ({ replacement }: SourceEdit): number => replacement.split('\n').length;

/** Returns the lines that an edit replaces and what stands there then. A comment needs a line: an insertion takes in its neighbour. */
function replacedLines(
  { startLine, endLine, replacement }: SourceEdit,
  text: string | null,
): { from: number; to: number; text: string } | null {
  const lines = text?.split('\n');
  if (!lines) return null;
  if (endLine >= startLine) return { from: startLine, to: endLine, text: replacement };
  const after = lines[startLine - 1];
  if (startLine <= lines.length && after !== undefined && after !== '')
    return { from: startLine, to: startLine, text: `${replacement}\n${after}` };
  const before = lines[startLine - 2];
  return before === undefined
    ? null
    : { from: startLine - 1, to: startLine - 1, text: `${before}\n${replacement}` };
}

/** Returns a comment on the place of a cause, with the change as text; none if no comment may be there. */
function onItsLine(group: FailureGroup, remedy: Remedy | null, files: CommentedFiles): ReviewComment[] {
  const { location } = group;
  const path = location && files.pathOf(location.file);
  if (!location || path === null || !files.lines.get(path)?.has(location.line)) return [];
  const code = remedy?.snippet ? `\n\n${fenced(remedy.snippet, 'ts')}` : '';
  return [
    comment(
      path,
      location.line,
      location.line,
      explanation(group, remedy ?? group.remedies[0] ?? null) + code,
    ),
  ];
}

function explanation({ verdict, headline, impact }: FailureGroup, remedy: Remedy | null): string {
  const parts = [
    `**${verdict}: ${inlineMarkdown(headline)}**`,
    inlineMarkdown(impact),
    ...(remedy
      ? [
          `${inlineMarkdown(remedy.title)}.${remedy.trial ? ` ${inlineMarkdown(trialText(remedy.trial))}` : ''}`,
        ]
      : []),
  ];
  return parts.join('\n\n');
}

/** Start of the mark by which comments of earlier runs are found. */
export const MARK = '<!-- temporal-replay ';

function comment(path: string, from: number, to: number, text: string): ReviewComment {
  const key = createHash('sha256')
    .update(JSON.stringify([path, text]))
    .digest('hex')
    .slice(0, 16);
  return {
    path,
    line: to,
    ...(from < to && { start_line: from }),
    side: 'RIGHT',
    body: `${text}\n\n${MARK}${key} -->`,
  };
}

/** Returns the key in the mark of a comment; null for a comment of others. */
export const keyOf = (body: string): string | null =>
  /<!-- temporal-replay ([0-9a-f]{16}) -->/.exec(body)?.[1] ?? null;

import ts from 'typescript';

export interface Comment {
  line: number;
  text: string;
}

/** Directives for tools, and comments without a word. */
const NO_PROSE = /^(?:eslint-|@ts-|prettier-|istanbul |v8 |#__|\W*$)/;

/** Returns the comments of a file. Line comments on consecutive lines are one comment. */
export function commentsOf(file: string, source: string): Comment[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const ranges = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    for (const range of [
      ...(ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.getEnd()) ?? []),
    ])
      ranges.set(range.pos, range);
    // Tokens have comments too, such as the one before a closing brace.
    node.getChildren(parsed).forEach(visit);
  };
  visit(parsed);

  const comments: Comment[] = [];
  let lastLine = -1;
  for (const { pos, end, kind } of [...ranges.values()].sort((a, b) => a.pos - b.pos)) {
    const line = parsed.getLineAndCharacterOfPosition(pos).line + 1;
    const isOnLineOfCode = source.slice(source.lastIndexOf('\n', pos) + 1, pos).trim() !== '';
    const isLineComment = kind === ts.SyntaxKind.SingleLineCommentTrivia && !isOnLineOfCode;
    const text = source
      .slice(pos, end)
      .replace(/^\/\/+ ?|^\/\*+ ?|\*+\/$/g, '')
      .replace(/^[ \t]*\* ?/gm, '')
      .replace(/\s+/g, ' ')
      .trim();
    const previous = comments.at(-1);
    if (isLineComment && previous && line === lastLine + 1) previous.text += ` ${text}`;
    else if (!NO_PROSE.test(text)) comments.push({ line, text });
    lastLine = isLineComment && !NO_PROSE.test(text) ? line : -1;
  }
  return comments;
}

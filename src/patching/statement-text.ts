import type { ParsedModule } from '../source/module-reader';
import { type Node, parseSource } from '../source/parse';
import { statementsOf } from '../source/statements';
import { outerRange } from './expression-text';
import type { Splice } from './splices';

/** The text of a module that is being edited, with its tree. */
export interface Draft {
  text: string;
  module: ParsedModule;
  /** The blanks by which a block is indented. */
  unit: string;
}

/** Returns null for a text that is not valid. */
export function draftOf(text: string, path: string): Draft | null {
  const syntax = parseSource(text, path);
  if (!syntax || syntax.errors.length > 0) return null;
  const unit = /^(?:\t| {2,8}(?=\S))/m.exec(text)?.[0] ?? '  ';
  return { text, module: { path, program: syntax.program }, unit };
}

/** A statement, and the list that it stands in; null for the body of another statement. */
export interface StatementPlace {
  statement: Node;
  parent: Node;
  list: readonly Node[] | null;
  index: number;
}

export function placeOf(statement: Node, ancestors: readonly Node[]): StatementPlace {
  const parent = ancestors.at(-1)!;
  const list =
    parent.type === 'StaticBlock' || parent.type === 'TSModuleBlock' ? parent.body : statementsOf(parent);
  const index = list?.indexOf(statement as never) ?? -1;
  return { statement, parent, list: index === -1 ? null : list, index };
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

const isFirstOnLine = (text: string, at: number): boolean =>
  text.slice(lineStart(text, at), at).trim() === '';

/** Returns the blanks with which the line of a place begins. */
export const indentAt = (text: string, at: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, at)))![0];

/** Returns a text whose lines after the first one have another indentation. */
export const reindented = (text: string, from: string, to: string): string =>
  text
    .split('\n')
    .map((line, n) =>
      n > 0 && line.trim() !== '' && line.startsWith(from) ? to + line.slice(from.length) : line,
    )
    .join('\n');

/** Returns statements, which are indented for it, as a block. */
export const blockOf = (statements: readonly string[], indent: string, unit: string): string =>
  `{\n${statements.map((one) => `${indent}${unit}${one}\n`).join('')}${indent}}`;

const COMMENTS = /\/\/.*|\/\*[\s\S]*?\*\//g;

/** Returns the comments between two pieces of code. */
export const commentsIn = (gap: string): string[] => gap.match(COMMENTS)?.map((one) => one.trim()) ?? [];

/** Returns the text of a branch without its braces, as pieces that stand on lines of their own. */
export function innerPieces(
  { text }: Draft,
  branch: Node,
  gap: string,
  indent: string,
  until?: number,
): string[] {
  const comments = commentsIn(gap);
  const [start, end] = branch.range;
  if (branch.type !== 'BlockStatement') {
    const from = indentAt(text, start);
    return [...comments, reindented(text.slice(start, end), from, indent)];
  }
  const inner = text.slice(start + 1, until ?? end - 1);
  if (!inner.includes('\n')) {
    const statements = branch.body.filter(({ range }) => range[1] <= (until ?? end));
    const own = inner.match(COMMENTS) ? [inner.trim()] : statements.map(({ range }) => text.slice(...range));
    return [...comments, ...own.filter((one) => one !== '')];
  }
  const [first, ...lines] = inner.split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  const head = first!.trim() === '' ? [] : [first!.trim()];
  while (head.length === 0 && lines[0]?.trim() === '') lines.shift();
  if (lines.length === 0) return [...comments, ...head];
  const from = /^[ \t]*/.exec(lines.find((line) => line.trim() !== '') ?? '')![0];
  const body = reindented(`\n${lines.join('\n')}`, from, indent).slice(1);
  return [...comments, ...head, body.startsWith(indent) ? body.slice(indent.length) : body];
}

/** Returns true if a statement before this one ends without a semicolon, and would take in what follows it. */
function isOpenBefore({ text }: Draft, { list, index }: StatementPlace): boolean {
  const before = list?.[index - 1];
  return before !== undefined && text[before.range[1] - 1] !== ';' && OPEN_ENDED.has(before.type);
}

const OPEN_ENDED = new Set<string>([
  'ExpressionStatement',
  'VariableDeclaration',
  'ReturnStatement',
  'ThrowStatement',
  'BreakStatement',
  'ContinueStatement',
  'DoWhileStatement',
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportDefaultDeclaration',
  'ExportAllDeclaration',
  'TSTypeAliasDeclaration',
]);

/** Returns the splice that puts statements, at least one, in the place of one in a list. */
export function replacedBy(
  draft: Draft,
  place: StatementPlace,
  pieces: readonly string[],
  end = place.statement.range[1],
): Splice {
  const { text } = draft;
  const [start] = place.statement.range;
  const isInLine =
    !/\n|\/\//.test(text.slice(start, end) + pieces.join('')) && !isAloneOnLines(text, start, end);
  const joined = pieces.join(isInLine ? ' ' : `\n${indentAt(text, start)}`);
  const guard = isOpenBefore(draft, place) && continuesLine(joined) ? ';' : '';
  const next = place.list?.[place.index + 1]?.range[0] ?? end;
  // The last statement ends where the next one begins.
  const isOpen =
    next > end &&
    !/^(?!.*\/\/).*;$/m.test(joined.slice(joined.lastIndexOf('\n') + 1)) &&
    continuesLine(text.slice(next));
  return {
    start,
    end: isOpen ? next : end,
    text: guard + joined + (isOpen ? `${text.slice(end, next)};` : ''),
  };
}

/** Returns true for code that a line before it without a semicolon would take in. */
const continuesLine = (code: string): boolean =>
  /^[([`+\-/*.,<=&|?]/.test(code.replace(/^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)+/, ''));

const isAloneOnLines = (text: string, start: number, end: number): boolean =>
  isFirstOnLine(text, start) && isBlank(text.slice(afterLineComment(text, end), lineEnd(text, end)));

/** Returns the end of a comment on the rest of a line, or the offset itself. */
export function afterLineComment(text: string, at: number): number {
  const rest = text.slice(at, lineEnd(text, at));
  return /^[ \t]*(?:\/\/.*|\/\*(?:(?!\*\/).)*\*\/)[ \t]*\r?$/.test(rest) ? lineEnd(text, at) : at;
}

/** Returns the offset of the line at which the comments directly above a statement begin; undefined if it has none. */
export function commentsAbove(text: string, at: number): number | undefined {
  const line = lineStart(text, at);
  let start = line;
  if (!isFirstOnLine(text, at)) return undefined;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    const comment = text.slice(above, start).trim();
    if (comment.startsWith('//')) start = above;
    else if (comment.endsWith('*/')) {
      const opened = text.lastIndexOf('/*', start);
      const closed = text.indexOf('*/', opened) + 2;
      if (opened === -1 || !isFirstOnLine(text, opened) || !isBlank(text.slice(closed, start))) break;
      start = lineStart(text, opened);
    } else break;
  }
  return start === line ? undefined : start;
}

const isBlank = (line: string): boolean => line.trim() === '';

/**
 * Returns the splices that take a statement of a list out with its line.
 *
 * @param top where the comments begin that go with it
 */
export function removed(
  draft: Draft,
  place: StatementPlace,
  { end = place.statement.range[1], top }: { end?: number; top?: number } = {},
): Splice[] {
  const { text } = draft;
  const [start] = place.statement.range;
  const next = place.list?.[place.index + 1];
  const nextText = next && next.range[0] >= end ? text.slice(next.range[0]) : '';
  const guard: Splice[] =
    isOpenBefore(draft, place) && continuesLine(nextText)
      ? [
          {
            start: place.list![place.index - 1]!.range[1],
            end: place.list![place.index - 1]!.range[1],
            text: ';',
          },
        ]
      : [];
  return [...guard, removedRange(text, start, end, top)];
}

/** Returns the splice that takes out a part of a text, with its lines if nothing else is on them. */
export function removedRange(text: string, start: number, end: number, top?: number): Splice {
  const last = afterLineComment(text, end);
  const isLastOnLine = isBlank(text.slice(last, lineEnd(text, last)));
  if (!isFirstOnLine(text, start)) {
    const blanks = /[ \t]*$/.exec(text.slice(0, start))![0].length;
    return { start: start - blanks, end: isLastOnLine ? last : end, text: '' };
  }
  if (!isLastOnLine) {
    const blanks = /^[ \t]*/.exec(text.slice(end))![0].length;
    return { start, end: end + blanks, text: '' };
  }
  const from = top ?? lineStart(text, start);
  const to = Math.min(lineEnd(text, last) + 1, text.length);
  return { ...withoutBlankLines(text, from, to), text: '' };
}

/** Returns a range of lines with the blank ones that would be left over. */
function withoutBlankLines(text: string, from: number, to: number): { start: number; end: number } {
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const blankAbove = /(?:^|\n)((?:[ \t]*\r?\n)*)$/.exec(before)![1]!.length;
  const blankBelow = /^(?:[ \t]*\r?\n)*/.exec(after)![0].length;
  const rest = after.slice(blankBelow).trimStart();
  if (blankAbove > 0 && (rest === '' || /^[})\]]/.test(rest))) return { start: from - blankAbove, end: to };
  const opens = /[{([]\s*$/.test(before.slice(0, before.length - blankAbove)) || from - blankAbove === 0;
  return { start: from, end: blankAbove > 0 || opens ? to + blankBelow : to };
}

/** Returns the text between the test of an `if` and its first branch, or between its branches. */
export function gapBefore({ text }: Draft, statement: Node, branch: Node): string {
  if (statement.type !== 'IfStatement') return '';
  if (branch === statement.consequent)
    return text.slice(outerRange(statement.test, text)[1], branch.range[0]);
  const gap = text.slice(statement.consequent.range[1], branch.range[0]);
  const blanked = gap.replace(COMMENTS, (comment) => ' '.repeat(comment.length));
  // A comment beside the brace belongs to the branch that ends there.
  const ownLines = gap.slice(0, blanked.indexOf('else')).replace(/^.*/, '');
  return ownLines + gap.slice(blanked.indexOf('else') + 4);
}

/** Returns true if nothing comes after a statement. */
export function exits(statement: Node | undefined): boolean {
  switch (statement?.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return true;
    case 'BlockStatement':
      return statement.body.some(exits);
    case 'IfStatement':
      return exits(statement.consequent) && exits(statement.alternate ?? undefined);
    case 'TryStatement':
      return (
        exits(statement.finalizer ?? undefined) ||
        (exits(statement.block) && (!statement.handler || exits(statement.handler.body)))
      );
    default:
      return false;
  }
}

/** Returns the splice that takes an item out of a list with commas. */
export function withoutItem(text: string, items: readonly Node[], n: number): Splice {
  const [start, end] = items[n]!.range;
  const [previous, next] = [items[n - 1], items[n + 1]];
  const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
  const last = afterLineComment(text, end + comma);
  const isOnOwnLine = isFirstOnLine(text, start) && isBlank(text.slice(last, lineEnd(text, last)));
  if (isOnOwnLine && (comma > 0 || n > 0)) return removedRange(text, start, end + comma);
  if (next) return { start, end: next.range[0], text: '' };
  return { start: previous ? previous.range[1] : start, end, text: '' };
}

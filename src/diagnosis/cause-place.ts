import { holdsLine, isCode, isImport, linesNow } from '../cause/code-lines';
import type { Cause, FileHunk } from '../model/cause';
import type { SourceLocation } from '../model/source';
import type { BundledSources } from '../source/bundled-sources';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { pathTo } from '../source/statements';

/** The changed line that makes histories break, with the change that it is part of. */
export interface CausePlace {
  location: SourceLocation;
  hunk: FileHunk;
}

/**
 * Returns the place of a cause: the innermost call on the way to the difference that was changed, else where code was
 * removed, else the first changed line of code.
 *
 * @param calls the call that made the difference, and its callers
 */
export function causePlace(
  { hunks }: Cause,
  calls: readonly SourceLocation[],
  sources: BundledSources,
): CausePlace | null {
  for (const call of calls) {
    const hunk = hunks.find(
      (each) => each.count > 0 && each.file === call.file && holdsLine(each, call.line),
    );
    if (hunk) return { location: call, hunk };
  }
  const [first] = hunks;
  if (!first) return null;
  const hunk = hunks.find((each) => isMovedTo(each, first, sources)) ?? first;
  return { location: firstLineOf(hunk, sources), hunk };
}

/** Returns true if code that a change removed stands in another change now. */
function isMovedTo(from: FileHunk, to: FileHunk, sources: BundledSources): boolean {
  if (to.before.length > 0 || from === to) return false;
  const now = linesNow(to, sources.textOf(to.file)?.split('\n') ?? []).map((line) => line.trim());
  return from.before.some((line) => isCode(line) && !isImport(line) && now.includes(line.trim()));
}

/** Returns the first line of code of a changed passage; for a deletion, the line before it. */
function firstLineOf(hunk: FileHunk, sources: BundledSources): SourceLocation {
  const lines = sources.textOf(hunk.file)?.split('\n') ?? [];
  const now = linesNow(hunk, lines);
  const index = [
    now.findIndex((line) => isCode(line) && !isImport(line) && /\w/.test(line)),
    now.findIndex(isCode),
    0,
  ].find((each) => each !== -1)!;
  const line = Math.max(1, hunk.line + index);
  const text = lines[line - 1] ?? '';
  const column = Math.max(1, text.search(/\S/) + 1);
  // The line before a deletion may begin the function that the code was removed from.
  const inside = { line, column: hunk.count === 0 ? Math.max(1, text.length) : column };
  const program = sources.syntaxOf(hunk.file)?.program;
  const name = program ? functionName(pathTo(program, inside)) : null;
  return { file: hunk.file, line, column, function: name };
}

/** Returns the name of the innermost function on a path of nodes, or null. */
function functionName(path: readonly Node[]): string | null {
  const index = path.findLastIndex(isFunction);
  const [definition, scope] = [path[index - 1], path[index]];
  if (!scope || !isFunction(scope)) return null;
  const named =
    definition?.type === 'VariableDeclarator'
      ? definition.id
      : definition?.type === 'MethodDefinition' || definition?.type === 'Property'
        ? definition.key
        : scope.id;
  return named?.type === 'Identifier' ? named.name : null;
}

import { holdsLine, isCode, isImport, linesNow } from '../cause/code-lines';
import type { Cause, FileHunk } from '../model/cause';
import type { SourceLocation } from '../model/source';
import type { BundledSources } from '../source/bundled-sources';
import { functionNameOn } from '../source/function-names';
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
  const moved = linesMovedBetweenFiles(hunks, sources);
  const isMoved = (file: string, line: number): boolean =>
    moved.has((sources.lineOf(file, line) ?? '').trim());
  for (const call of calls) {
    const hunk = hunks.find(
      (each) => each.count > 0 && each.file === call.file && holdsLine(each, call.line),
    );
    if (hunk && !isMoved(call.file, call.line)) return { location: call, hunk };
  }
  const [first] = hunks;
  if (!first) return null;
  const inNewFile = placeInNewFile(hunks, calls, sources);
  if (inNewFile) return inNewFile;
  if (moved.size > 0) {
    const changed = lineBesideMoved(hunks, moved, sources);
    if (changed) return changed;
  }
  const hunk = hunks.find((each) => isMovedTo(each, first, sources)) ?? first;
  return { location: firstLineOf(hunk, sources), hunk };
}

/** Number of lines of code that stand in another file now, from which on they are taken for code that was moved there. */
const MIN_MOVED = 3;

/** Returns the lines of code that changes removed from one file and added to another. */
function linesMovedBetweenFiles(hunks: readonly FileHunk[], sources: BundledSources): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const to of hunks) {
    const elsewhere = hunks.filter(({ file }) => file !== to.file).flatMap(({ before }) => before);
    const removed = new Set(
      elsewhere.filter((line) => isCode(line) && !isImport(line)).map((line) => line.trim()),
    );
    const now = linesNow(to, sources.textOf(to.file)?.split('\n') ?? []).map((line) => line.trim());
    const common = now.filter((line) => removed.has(line));
    if (common.length >= MIN_MOVED) for (const line of common) moved.add(line);
  }
  return moved;
}

/**
 * Returns the changed line of code that was moved to a file of its own, which has no changed passages: the innermost call that was not
 * there before, else the first line that was not.
 */
function placeInNewFile(
  hunks: readonly FileHunk[],
  calls: readonly SourceLocation[],
  sources: BundledSources,
): CausePlace | null {
  const removed = hunks.flatMap(({ before }) => before).filter((line) => isCode(line) && !isImport(line));
  const known = new Set(removed.map((line) => line.trim()));
  for (const { file } of calls) {
    if (hunks.some((hunk) => hunk.file === file)) continue;
    const lines = (sources.textOf(file) ?? '').split('\n').map((line) => line.trim());
    const common = lines.filter((line) => known.has(line)).length;
    if (common < MIN_MOVED || common < removed.length / 2) continue;
    const isNew = (line: string): boolean =>
      isCode(line) &&
      !isImport(line) &&
      /\w/.test(line) &&
      !known.has(line) &&
      !/^(export )?(async )?function\b/.test(line);
    const call = calls.find((one) => one.file === file && isNew(lines[one.line - 1] ?? ''));
    const first = lines.findIndex((line) => known.has(line));
    const line = call?.line ?? lines.findIndex((text, n) => n > first && isNew(text)) + 1;
    if (line === 0) continue;
    const hunk = { file, line, count: 1, before: [] };
    return { location: call ?? firstLineOf(hunk, sources), hunk };
  }
  return null;
}

/** Returns the first line that was changed within code that was moved to another file. */
function lineBesideMoved(
  hunks: readonly FileHunk[],
  moved: ReadonlySet<string>,
  sources: BundledSources,
): CausePlace | null {
  for (const hunk of hunks) {
    const lines = linesNow(hunk, sources.textOf(hunk.file)?.split('\n') ?? []);
    const first = lines.findIndex((line) => moved.has(line.trim()));
    const index = lines.findIndex(
      (line, n) => n > first && isCode(line) && !isImport(line) && /\w/.test(line) && !moved.has(line.trim()),
    );
    if (first === -1 || index === -1) continue;
    const line = { ...hunk, line: hunk.line + index, count: 1 };
    return { location: firstLineOf(line, sources), hunk };
  }
  return null;
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
  const name = program ? functionNameOn(pathTo(program, inside)) : null;
  return { file: hunk.file, line, column, function: name };
}

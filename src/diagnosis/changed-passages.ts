import type { ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import { isFunction } from '../source/functions';
import { isIdentifier, mentions } from '../source/names-in-code';
import type { Node } from '../source/parse';
import { pathTo, statementsOf } from '../source/statements';
import { type ChangedFile, type Passage, isInFunction } from './passage';
import type { Hunk } from './last-changes';

const namesOf = (commands: readonly ({ name: string | null } | null)[]): string[] =>
  commands.flatMap((command) => (command?.name && isIdentifier(command.name) ? [command.name] : []));

/** The functions with which code issues commands that have no name of their own. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  timer: ['sleep', 'condition'],
  timerCancel: ['cancel'],
  activityCancel: ['cancel'],
  searchAttributes: ['upsertSearchAttributes'],
  memo: ['upsertMemo'],
  continueAsNew: ['continueAsNew'],
};

const callsOf = (commands: ReplayTrace['removed']): string[] =>
  commands.flatMap(({ kind }) => CALLS[kind] ?? []);

const isCode = (line: string): boolean => !/^\s*($|\/\/|\/?\*)/.test(line);

/**
 * Returns a test of whether a changed passage belongs to the difference: it names the commands, or the call stands in it.
 * In a caller (`depth` > 0), a name alone is not enough.
 */
export function isPartOf(change: ChangedFile, trace: ReplayTrace, place: SourceLocation, depth: number) {
  const names = namesOf([trace.recorded, trace.produced, ...trace.removed, ...trace.added]);
  return (hunk: Hunk): boolean => {
    const changed = [...hunk.before, ...nowOf(hunk, change.lines)];
    if (!changed.some(isCode)) return false;
    if (depth === 0 && (names.length === 0 || mentions(changed, names))) return true;
    const [from, to] = rangeOf([hunk], change);
    if (place.line >= from && place.line <= to) return true;
    // A missing command came after the place, and may have been issued by a helper.
    const isGone = trace.removed.length > 0 && hunk.before.some(isCode);
    return isGone && (names.length === 0 || to >= place.line - 1);
  };
}

const nowOf = ({ line, count }: Hunk, lines: readonly string[]): string[] =>
  lines.slice(line - 1, line - 1 + count);

/** Returns the changed lines of a function that belong to the difference, widened to whole statements. */
export function passageFromChange(
  change: ChangedFile,
  scope: Node,
  isPart: (hunk: Hunk) => boolean,
): Passage | null {
  const { start, end } = scope.loc;
  const near = change.hunks.filter(
    (hunk) => hunk.line >= start.line && hunk.line <= end.line && isPart(hunk),
  );
  if (near.length === 0) return null;
  const [from, to] = rangeOf(near, change);
  if (from < start.line || to > end.line || !isInFunction(change.program, from, to)) return null;
  const before: string[] = [];
  // Blank lines at the end are no part of the passage, but lines may have been removed after them.
  const last = Math.max(to + 1, ...near.map((hunk) => hunk.line + 1));
  for (let line = from; line <= last; line++) {
    const removed = near.find((hunk) => (hunk.count === 0 ? hunk.line + 1 : hunk.line) === line);
    if (removed) before.push(...removed.before);
    const isNew = near.some((hunk) => line >= hunk.line && line < hunk.line + hunk.count);
    if (line <= to && !isNew) before.push(change.lines[line - 1]!);
  }
  while (before.length > 1 && before.at(-1)!.trim() === '') before.pop();
  return {
    file: change.file,
    line: from,
    count: to - from + 1,
    now: change.lines.slice(from - 1, to),
    before,
  };
}

/** Yields the passages outside the functions in `seen` from which the missing commands were removed. */
export function* passagesElsewhere(
  change: ChangedFile,
  { removed }: ReplayTrace,
  seen: ReadonlySet<Node>,
): Generator<Passage> {
  const isPart = (hunk: Hunk): boolean => mentions(hunk.before, [...namesOf(removed), ...callsOf(removed)]);
  for (const hunk of change.hunks.filter(isPart)) {
    const column = (change.lines[hunk.line - 1] ?? '').search(/\S|$/) + 1;
    const scope = pathTo(change.program, { line: hunk.line, column }).findLast(isFunction);
    if (!scope || seen.has(scope)) continue;
    const passage = passageFromChange(change, scope, isPart);
    if (passage) yield passage;
  }
}

/** Returns the lines of hunks, widened so that no statement is cut. The empty range of a deletion is not widened. */
function rangeOf(hunks: readonly Hunk[], { lines, program }: ChangedFile): [number, number] {
  const first = Math.min(...hunks.map(({ line, count }) => (count === 0 ? line + 1 : line)));
  const last = Math.max(...hunks.map(({ line, count }) => line + count - (count === 0 ? 0 : 1)));
  if (last < first) return [first, last];
  const [from, to] = withoutEnds(first, last, lines, (line) => line.trim() !== '');
  // A comment at an end belongs to no statement.
  const [codeFrom, codeTo] = withoutEnds(from, to, lines, isCode);
  const path = (line: number): Node[] =>
    pathTo(program, { line, column: (lines[line - 1] ?? '').search(/\S|$/) + 1 });
  const [head, tail] = statementsRound(path(codeFrom), path(codeTo));
  return [Math.min(from, head?.loc?.start.line ?? from), Math.max(to, tail?.loc?.end.line ?? to)];
}

function withoutEnds(
  first: number,
  last: number,
  lines: readonly string[],
  counts: (line: string) => boolean,
): [number, number] {
  let [from, to] = [first, last];
  while (from < to && !counts(lines[from - 1] ?? '')) from++;
  while (to > from && !counts(lines[to - 1] ?? '')) to--;
  return [from, to];
}

/** Returns the statements that two paths lead through, from the innermost list of statements that has both. */
function statementsRound(head: readonly Node[], tail: readonly Node[]): [Node?, Node?] {
  for (let i = head.length - 2; i >= 0; i--) {
    const list = statementsOf(head[i]!);
    if (!list || head[i] !== tail[i] || !list.includes(head[i + 1]!)) continue;
    const other = tail[i + 1];
    if (other && list.includes(other)) return [head[i + 1], other];
  }
  return [];
}

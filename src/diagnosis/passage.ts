import type { ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import { type Hunk, lastChangesOf } from './previous-source';
import type { BundledSources } from '../source/bundled-sources';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { type ListedStatement, pathTo, statementAt, statementsOf } from '../source/statements';
import { walk } from '../source/walk';

/** Whole lines of a file as they are now, and what is to stand there for runs from before the change. */
export interface Passage {
  file: string;
  /** `count` may be 0: then the passage comes before `line`. */
  line: number;
  count: number;
  now: string[];
  before: string[];
}

/** What may be the change, the likeliest first. `places` are the call that made the difference and its callers. */
export async function* passagesOf(
  trace: ReplayTrace,
  places: readonly SourceLocation[],
  sources: BundledSources,
): AsyncGenerator<Passage> {
  const changes = new Map<string, Change>();
  for (const { file } of places) {
    const text = sources.textOf(file);
    const syntax = sources.syntaxOf(file);
    if (text === null || !syntax || changes.has(file)) continue;
    const lines = text.split('\n');
    changes.set(file, { file, lines, program: syntax.program, hunks: await lastChangesOf(file) });
  }
  const seen = new Set<Node>();
  for (const [depth, place] of places.entries()) {
    const change = changes.get(place.file);
    if (!change) continue;
    for (const scope of pathTo(change.program, place).filter(isFunction).reverse()) {
      seen.add(scope);
      const passage = passageFromChange(change, scope, isPartOf(change, trace, place, depth));
      if (passage) yield passage;
    }
  }
  // What is gone may have been in a function that the calls before and after it have nothing to do with.
  if (trace.removed.length > 0)
    for (const change of changes.values()) yield* passagesElsewhere(change, trace, seen);
  const issuing = places[Math.max(0, trace.isShared.indexOf(false))];
  const isOnlyShared = trace.isShared.length > 0 && !trace.isShared.includes(false);
  const change = issuing && changes.get(issuing.file);
  const passage = change && !isOnlyShared ? passageFromCalls(change, trace, issuing) : null;
  if (passage) yield passage;
}

/** A file as it is now, and what was changed in it last. */
interface Change {
  file: string;
  lines: string[];
  program: Node;
  hunks: readonly Hunk[];
}

const namesOf = (commands: readonly ({ name: string | null } | null)[]): string[] =>
  commands.flatMap((command) =>
    command?.name && /^[A-Za-z_$][\w$]*$/.test(command.name) ? [command.name] : [],
  );

/** How code calls for commands that have no name of their own. */
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

const mentions = (lines: readonly string[], names: readonly string[]): boolean =>
  names.some((name) => lines.some((line) => new RegExp(`\\b${name}\\b`).test(line)));

const isCode = (line: string): boolean => !/^\s*($|\/\/|\/?\*)/.test(line);

/**
 * Whether a changed passage has to do with the difference: it names the commands, or the call itself stands in it. Of a
 * caller only the latter counts, unless commands have no names that code could have.
 */
function isPartOf(change: Change, trace: ReplayTrace, place: SourceLocation, depth: number) {
  const names = namesOf([trace.recorded, trace.produced, ...trace.removed, ...trace.added]);
  return (hunk: Hunk): boolean => {
    const changed = [...hunk.before, ...nowOf(hunk, change.lines)];
    if (!changed.some(isCode)) return false;
    if (depth === 0 && (names.length === 0 || mentions(changed, names))) return true;
    const [from, to] = rangeOf([hunk], change);
    if (place.line >= from && place.line <= to) return true;
    // What is gone came after the place, and may be a call of a helper.
    const isGone = trace.removed.length > 0 && hunk.before.some(isCode);
    return isGone && (names.length === 0 || to >= place.line - 1);
  };
}

const nowOf = ({ line, count }: Hunk, lines: readonly string[]): string[] =>
  lines.slice(line - 1, line - 1 + count);

/** The changed lines of a function that are part of the difference, widened to whole statements. */
function passageFromChange(change: Change, scope: Node, isPart: (hunk: Hunk) => boolean): Passage | null {
  const { start, end } = scope.loc;
  const near = change.hunks.filter(
    (hunk) => hunk.line >= start.line && hunk.line <= end.line && isPart(hunk),
  );
  if (near.length === 0) return null;
  const [from, to] = rangeOf(near, change);
  if (from < start.line || to > end.line || !isInFunction(change.program, from, to)) return null;
  const before: string[] = [];
  for (let line = from; line <= to + 1; line++) {
    const removed = near.find((hunk) => (hunk.count === 0 ? hunk.line + 1 : hunk.line) === line);
    if (removed) before.push(...removed.before);
    const isNew = near.some((hunk) => line >= hunk.line && line < hunk.line + hunk.count);
    if (line <= to && !isNew) before.push(change.lines[line - 1]!);
  }
  return {
    file: change.file,
    line: from,
    count: to - from + 1,
    now: change.lines.slice(from - 1, to),
    before,
  };
}

function* passagesElsewhere(
  change: Change,
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

/** The lines of hunks, widened so that they cut no statement; an empty range (a deletion) stays where it is. */
function rangeOf(hunks: readonly Hunk[], { lines, program }: Change): [number, number] {
  const first = Math.min(...hunks.map(({ line, count }) => (count === 0 ? line + 1 : line)));
  const last = Math.max(...hunks.map(({ line, count }) => line + count - (count === 0 ? 0 : 1)));
  if (last < first) return [first, last];
  const [from, to] = withoutBlankEnds(first, last, lines);
  const path = (line: number): Node[] =>
    pathTo(program, { line, column: (lines[line - 1] ?? '').search(/\S|$/) + 1 });
  const [head, tail] = statementsRound(path(from), path(to));
  return [Math.min(from, head?.loc?.start.line ?? from), Math.max(to, tail?.loc?.end.line ?? to)];
}

function withoutBlankEnds(first: number, last: number, lines: readonly string[]): [number, number] {
  let [from, to] = [first, last];
  while (from < to && (lines[from - 1] ?? '').trim() === '') from++;
  while (to > from && (lines[to - 1] ?? '').trim() === '') to--;
  return [from, to];
}

/** The statements of one list that two paths lead through: of the innermost list that has both. */
function statementsRound(head: readonly Node[], tail: readonly Node[]): [Node?, Node?] {
  for (let i = head.length - 2; i >= 0; i--) {
    const list = statementsOf(head[i]!);
    if (!list || head[i] !== tail[i] || !list.includes(head[i + 1]!)) continue;
    const other = tail[i + 1];
    if (other && list.includes(other)) return [head[i + 1], other];
  }
  return [];
}

/** Whether whole lines lie in a function: on a line that a function begins or ends with, `patched()` would come outside of it. */
const isInFunction = (program: Node, from: number, to: number): boolean =>
  [...walk(program)].some((node) => {
    const { start, end } = node.loc;
    return isFunction(node) && start.line < from && end.line > to;
  });

/** Whether nothing else stands on the lines of statements, as the rest of a loop or block on one line does. */
function ownsItsLines(from: Node, to: Node, lines: readonly string[]): boolean {
  const { start } = from.loc;
  const { end } = to.loc;
  const before = lines[start.line - 1]!.slice(0, start.column);
  const after = lines[end.line - 1]!.slice(end.column);
  return before.trim() === '' && /^\s*(\/\/.*)?$/.test(after);
}

/** Without git: what the calls themselves say. Only for calls that are statements of their own. */
function passageFromCalls(
  { file, lines, program }: Change,
  trace: ReplayTrace,
  place: SourceLocation,
): Passage | null {
  const own = ownStatement(program, place);
  if (!own) return null;
  const passage = (from: Node, to: Node, before: (now: string[]) => string[] | null): Passage | null => {
    const [line, end] = [from.loc.start.line, to.loc.end.line];
    if (!ownsItsLines(from, to, lines) || !isInFunction(program, line, end)) return null;
    const now = lines.slice(line - 1, end);
    const old = before(now);
    return old && { file, line, count: now.length, now, before: old };
  };
  const { recorded, produced } = trace;
  switch (trace.kind) {
    case 'added':
      return passage(own.statement, own.statement, () => []);
    case 'renamed':
    case 'replaced': {
      if (!recorded?.name || !produced?.name || recorded.kind !== produced.kind) return null;
      if (recorded.name === produced.name) return null;
      const pattern = new RegExp(`\\b${produced.name}\\b`);
      return passage(own.statement, own.statement, (now) =>
        now.some((line) => pattern.test(line))
          ? now.map((line) => line.replace(pattern, recorded.name!))
          : null,
      );
    }
    case 'moved': {
      const other = trace.added.find((command) => command.name === recorded?.name)?.at[0];
      const moved = other && other.file === place.file ? ownStatement(program, other) : null;
      if (!moved || moved.list !== own.list || moved.index <= own.index) return null;
      const { start, end } = moved.statement.loc;
      const from = own.statement.loc.start.line;
      return passage(own.statement, moved.statement, (now) => [
        ...now.slice(start.line - from, end.line - from + 1),
        ...now.slice(0, start.line - from),
      ]);
    }
    default:
      return null;
  }
}

/** The statement of a call, where nothing else happens in it: `await call(…)`, or a declaration of its result. */
function ownStatement(program: Node, place: SourceLocation): ListedStatement | null {
  const found = statementAt(program, place);
  const isPlain = found?.path.every((node) =>
    /^(ExpressionStatement|AwaitExpression|CallExpression|MemberExpression|VariableDeclaration|VariableDeclarator|Identifier|TSAsExpression|AssignmentExpression)$/.test(
      node.type,
    ),
  );
  return isPlain ? found : null;
}

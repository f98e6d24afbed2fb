import type { ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import { indexOfName, mentions, renamedIn } from '../source/names-in-code';
import type { Node } from '../source/parse';
import { type ListedStatement, statementAt } from '../source/statements';
import { type ChangedFile, type Passage, isInFunction } from './passage';

/** Returns true if nothing else stands on the lines of statements, such as the rest of a loop on one line. */
function ownsItsLines(from: Node, to: Node, lines: readonly string[]): boolean {
  const { start } = from.loc;
  const { end } = to.loc;
  const before = lines[start.line - 1]!.slice(0, start.column);
  const after = lines[end.line - 1]!.slice(end.column);
  return before.trim() === '' && /^\s*(\/\/.*)?$/.test(after);
}

/** Returns what the calls tell about the change without git. Only calls that are statements of their own tell it. */
export function passageFromCalls(
  { file, lines, program }: ChangedFile,
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
      return passage(
        own.statement,
        lastOfRun(own, addedStatements(program, trace, file)).statement,
        () => [],
      );
    case 'renamed':
    case 'replaced': {
      if (!recorded?.name || !produced?.name || recorded.kind !== produced.kind) return null;
      if (recorded.name === produced.name) return null;
      const [old, name] = [recorded.name, produced.name];
      return passage(own.statement, own.statement, (now) => {
        const before = now.map((line) =>
          indexOfName(line, name) === -1 ? line : renamedIn(line, name, old),
        );
        return before.every((line) => line !== null) && mentions(now, [name]) ? before : null;
      });
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

/** Returns the statements of the commands that are added, as far as their calls do nothing else. */
const addedStatements = (program: Node, { added }: ReplayTrace, file: string): ListedStatement[] =>
  added.flatMap(({ at: [place] }) => (place?.file === file ? (ownStatement(program, place) ?? []) : []));

/** Returns the last of the statements that follow on each other in one list from the first one on. */
function lastOfRun(first: ListedStatement, others: readonly ListedStatement[]): ListedStatement {
  const next = others.find(({ list, index }) => list === first.list && index === first.index + 1);
  return next ? lastOfRun(next, others) : first;
}

/** Returns the statement of a call if it does nothing else: `await call(…)`, or a declaration of its result. */
function ownStatement(program: Node, place: SourceLocation): ListedStatement | null {
  const found = statementAt(program, place);
  const isPlain = found?.path.every((node) =>
    /^(ExpressionStatement|AwaitExpression|CallExpression|MemberExpression|VariableDeclaration|VariableDeclarator|Identifier|TSAsExpression|AssignmentExpression)$/.test(
      node.type,
    ),
  );
  return isPlain ? found : null;
}

import type { Node } from '@babel/types';
import type { ReplayTrace, SourceEdit, SourceLocation } from '../model';
import { type Hunk, lastChangesOf } from './previous-source';
import { type Sources, parseModule } from './sources';
import { isFunction, pathTo, statementAt } from './syntax';

/** A change behind `patched()`: the code to type, and the same as edits where it can be applied as it stands. */
export interface PatchCode {
  snippet: string;
  edits: SourceEdit[];
}

/** Whole lines of a file as they are now, and what is to stand there for runs from before the change. */
interface Passage {
  /** `count` may be 0: then the passage comes before `line`. */
  line: number;
  count: number;
  now: string[];
  before: string[];
}

/** Fills both branches in: from what git knows of the change, else from the calls themselves. */
export async function patchCodeFor(
  trace: ReplayTrace,
  place: SourceLocation | null,
  patchId: string,
  sources: Sources,
): Promise<PatchCode> {
  const text = place && sources.textOf(place.file);
  if (place && text != null) {
    const lines = text.split('\n');
    const passage =
      passageFromChange(await lastChangesOf(place.file), trace, place, lines, sources) ??
      passageFromCalls(trace, place, lines, sources);
    const applied = passage && apply(passage, lines, place.file, patchId);
    if (applied) return applied;
  }
  return { snippet: template(trace, patchId), edits: [] };
}

const namesIn = (trace: ReplayTrace): string[] =>
  [trace.recorded, trace.produced, ...trace.removed, ...trace.added].flatMap((command) =>
    command?.name && /^[A-Za-z_$][\w$]*$/.test(command.name) ? [command.name] : [],
  );

const mentions = (lines: readonly string[], names: readonly string[]): boolean =>
  names.length === 0 || names.some((name) => lines.some((line) => new RegExp(`\\b${name}\\b`).test(line)));

/** The changed lines of the function that the place is in, widened to whole statements. */
function passageFromChange(
  hunks: readonly Hunk[],
  trace: ReplayTrace,
  place: SourceLocation,
  lines: readonly string[],
  sources: Sources,
): Passage | null {
  const syntax = sources.syntaxOf(place.file);
  if (!syntax) return null;
  const body = pathTo(syntax.program, place).findLast((node) => isFunction(node))?.loc;
  if (!body) return null;
  const names = namesIn(trace);
  const near = hunks.filter(
    ({ line, count, before }) =>
      line >= body.start.line &&
      line <= body.end.line &&
      mentions([...before, ...lines.slice(line - 1, line - 1 + count)], names),
  );
  if (near.length === 0) return null;
  const first = Math.min(...near.map(({ line, count }) => (count === 0 ? line + 1 : line)));
  const last = Math.max(...near.map(({ line, count }) => line + count - (count === 0 ? 0 : 1)));
  const [from, to] = wholeStatements(syntax.program, lines, first, last);
  const before: string[] = [];
  for (let line = from; line <= to + 1; line++) {
    const removed = near.find((hunk) => (hunk.count === 0 ? hunk.line + 1 : hunk.line) === line);
    if (removed) before.push(...removed.before);
    const isNew = near.some((hunk) => line >= hunk.line && line < hunk.line + hunk.count);
    if (line <= to && !isNew) before.push(lines[line - 1]!);
  }
  return { line: from, count: to - from + 1, now: lines.slice(from - 1, to), before };
}

/** Widens a range of lines so that it cuts no statement; an empty range (`last` before `first`) stays where it is. */
function wholeStatements(
  program: Node,
  lines: readonly string[],
  first: number,
  last: number,
): [number, number] {
  if (last < first) return [first, last];
  const at = (line: number) =>
    statementAt(program, { line, column: (lines[line - 1] ?? '').search(/\S|$/) + 1 });
  let from = first;
  let to = last;
  while (from < to && (lines[from - 1] ?? '').trim() === '') from++;
  while (to > from && (lines[to - 1] ?? '').trim() === '') to--;
  const [head, tail] = [at(from)?.statement.loc, at(to)?.statement.loc];
  return [Math.min(from, head?.start.line ?? from), Math.max(to, tail?.end.line ?? to)];
}

/** Without git: what the calls themselves say. Only for calls that are statements of their own. */
function passageFromCalls(
  trace: ReplayTrace,
  place: SourceLocation,
  lines: readonly string[],
  sources: Sources,
): Passage | null {
  const syntax = sources.syntaxOf(place.file);
  const own = syntax && ownStatement(syntax.program, place);
  if (!own) return null;
  const passage = (from: Node, to: Node, before: (now: string[]) => string[] | null): Passage | null => {
    const [line, end] = [from.loc!.start.line, to.loc!.end.line];
    const now = lines.slice(line - 1, end);
    const old = before(now);
    return old && { line, count: now.length, now, before: old };
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
      const moved = other && other.file === place.file ? ownStatement(syntax.program, other) : null;
      if (!moved || moved.list !== own.list || moved.index <= own.index) return null;
      const { start, end } = moved.statement.loc!;
      const from = own.statement.loc!.start.line;
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
function ownStatement(program: Node, place: SourceLocation): ReturnType<typeof statementAt> {
  const found = statementAt(program, place);
  const isPlain = found?.path.every((node) =>
    /^(ExpressionStatement|AwaitExpression|CallExpression|MemberExpression|VariableDeclaration|VariableDeclarator|Identifier|TSAsExpression|AssignmentExpression)$/.test(
      node.type,
    ),
  );
  return isPlain ? found : null;
}

/** Puts a passage behind `patched()`. Null where the result is no valid code. */
function apply(passage: Passage, lines: readonly string[], file: string, patchId: string): PatchCode | null {
  const { line, count } = passage;
  const after = lines.slice(line - 1 + count).join('\n');
  const declared = [...new Set([...declaredIn(passage.now), ...declaredIn(passage.before)])].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(after),
  );
  const isBlank = (text: readonly string[]): boolean => text.every((row) => row.trim() === '');
  const indent = /^\s*/.exec([...passage.now, ...passage.before].find((row) => row.trim() !== '') ?? '')![0];
  const branch = (text: readonly string[]): string[] =>
    assignments(text, declared).map((row) => (row.trim() === '' ? row : `  ${row}`));
  const call = importOf(lines, patchId);
  const hoisted = declared.map((name) => `${indent}let ${name};`);
  const [now, before] = [branch(passage.now), branch(passage.before)];
  const code = isBlank(before)
    ? [`${indent}if (${call.expression}) {`, ...now, `${indent}}`]
    : isBlank(now)
      ? [`${indent}if (!${call.expression}) {`, ...before, `${indent}}`]
      : [`${indent}if (${call.expression}) {`, ...now, `${indent}} else {`, ...before, `${indent}}`];
  const replacement = [...hoisted, ...code].join('\n');
  const edit: SourceEdit = { file, startLine: line, endLine: line + count - 1, replacement };
  const edits = [...call.edits.map((importEdit) => ({ ...importEdit, file })), edit];
  if (!isValid(applyEdits(lines, edits), file)) return null;
  return { snippet: dedent(replacement), edits };
}

/** The names that a list of statements declares; empty where it doesn't parse. */
function declaredIn(text: readonly string[]): string[] {
  const syntax = parseModule(text.join('\n'), 'passage.ts');
  return (syntax?.program.body ?? []).flatMap((statement) =>
    statement.type === 'VariableDeclaration' ? statement.declarations.flatMap(({ id }) => namesOf(id)) : [],
  );
}

function namesOf(pattern: Node): string[] {
  if (pattern.type === 'Identifier') return [pattern.name];
  if (pattern.type === 'ObjectPattern')
    return pattern.properties.flatMap((property) =>
      namesOf(property.type === 'RestElement' ? property.argument : (property.value as Node)),
    );
  if (pattern.type === 'ArrayPattern')
    return pattern.elements.flatMap((element) => (element ? namesOf(element) : []));
  if (pattern.type === 'AssignmentPattern') return namesOf(pattern.left);
  return [];
}

/** Declarations of names that were declared above become assignments to them. */
function assignments(text: readonly string[], hoisted: readonly string[]): string[] {
  if (hoisted.length === 0) return [...text];
  const syntax = parseModule(text.join('\n'), 'passage.ts');
  const rows = [...text];
  for (const statement of syntax?.program.body ?? []) {
    if (statement.type !== 'VariableDeclaration' || statement.declarations.length !== 1) continue;
    const { id } = statement.declarations[0]!;
    if (!namesOf(id).some((name) => hoisted.includes(name))) continue;
    const first = statement.loc!.start.line - 1;
    const last = statement.loc!.end.line - 1;
    rows[first] = rows[first]!.replace(/\b(const|let|var)\s+/, id.type === 'ObjectPattern' ? '(' : '');
    if (id.type === 'ObjectPattern') rows[last] = rows[last]!.replace(/;?\s*$/, ');');
  }
  return rows;
}

/** How `patched` is called in a file, with the import that it needs. */
function importOf(
  lines: readonly string[],
  patchId: string,
): { expression: string; edits: Omit<SourceEdit, 'file'>[] } {
  const text = lines.join('\n');
  const namespace = /import \* as (\w+) from ['"]@temporalio\/workflow['"]/.exec(text)?.[1];
  const argument = `'${patchId}'`;
  if (namespace) return { expression: `${namespace}.patched(${argument})`, edits: [] };
  const expression = `patched(${argument})`;
  if (/import\s*\{[^}]*\bpatched\b[^}]*\}\s*from\s*['"]@temporalio\/workflow['"]/.test(text))
    return { expression, edits: [] };
  const quote = /from\s+"/.test(text) ? '"' : "'";
  const statement = `import { patched } from ${quote}@temporalio/workflow${quote};`;
  const firstImport = lines.findIndex((row) => /^import\b/.test(row));
  const at = firstImport === -1 ? 1 : firstImport + 1;
  return { expression, edits: [{ startLine: at, endLine: at - 1, replacement: statement }] };
}

/** Applies edits of whole lines; those further down first, so that lines above keep their numbers. */
export function applyEdits(lines: readonly string[], edits: readonly Omit<SourceEdit, 'file'>[]): string {
  const result = [...lines];
  for (const { startLine, endLine, replacement } of [...edits].sort((a, b) => b.startLine - a.startLine))
    result.splice(startLine - 1, endLine - startLine + 1, replacement);
  return result.join('\n');
}

function isValid(text: string, file: string): boolean {
  const syntax = parseModule(text, file);
  return syntax !== null && (syntax.errors ?? []).length === 0;
}

function dedent(text: string): string {
  const rows = text.split('\n');
  const indents = rows.filter((row) => row.trim() !== '').map((row) => /^\s*/.exec(row)![0].length);
  const least = Math.min(...indents);
  return rows.map((row) => row.slice(least)).join('\n');
}

const MAX_NAMED = 4;

/** Where the old code isn't known: the shape of the patch, with the commands' names in it. */
function template({ kind, removed, added, recorded, produced }: ReplayTrace, patchId: string): string {
  const list = (commands: readonly ({ words: string } | null)[], note: string): string => {
    const words = [...new Set(commands.flatMap((command) => (command ? [command.words] : [])))];
    const lines = words.slice(0, MAX_NAMED).map((command) => `  // ${note}: ${command}`);
    return [...lines, ...(words.length > MAX_NAMED ? ['  // …'] : [])].join('\n');
  };
  const now = list(added.length > 0 ? added : [produced], 'as it is now');
  const before = list(removed.length > 0 ? removed : [recorded], 'as it was');
  if (kind === 'added' || before === '') return `if (patched('${patchId}')) {\n${now}\n}`;
  if (kind === 'removed' || now === '') return `if (!patched('${patchId}')) {\n${before}\n}`;
  return `if (patched('${patchId}')) {\n${now}\n} else {\n${before}\n}`;
}

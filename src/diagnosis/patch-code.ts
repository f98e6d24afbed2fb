import type { ReplayTrace } from '../model/diagnosis';
import type { SourceEdit, SourceLocation } from '../model/source';
import { type Passage, passagesOf } from './passage';
import type { BundledSources } from '../source/bundled-sources';
import { type Node, parseSource } from '../source/parse';
import { namesIn } from '../source/patterns';

/** A change behind `patched()`: the code to type, and the same as edits where it can be applied as it stands. */
export interface PatchCode {
  snippet: string;
  edits: SourceEdit[];
}

/**
 * Fills both branches in: from what git knows of the change, else from the calls themselves. `places` are the call that
 * made the difference and its callers.
 */
export async function patchCodeFor(
  trace: ReplayTrace,
  places: readonly SourceLocation[],
  patchId: string,
  sources: BundledSources,
): Promise<PatchCode> {
  for await (const passage of passagesOf(trace, places, sources)) {
    const applied = apply(passage, sources.textOf(passage.file)!.split('\n'), patchId);
    if (applied) return applied;
  }
  return { snippet: template(trace, patchId), edits: [] };
}

/** Puts a passage behind `patched()`. Null where the result is no valid code. */
function apply(passage: Passage, lines: readonly string[], patchId: string): PatchCode | null {
  const { file, line, count } = passage;
  const after = lines.slice(line - 1 + count).join('\n');
  const declared = new Map(
    [...declaredIn(passage.before), ...declaredIn(passage.now)].filter(([name]) =>
      new RegExp(`\\b${name}\\b`).test(after),
    ),
  );
  const isBlank = (text: readonly string[]): boolean => text.every((row) => row.trim() === '');
  const indent = /^\s*/.exec([...passage.now, ...passage.before].find((row) => row.trim() !== '') ?? '')![0];
  const [asNow, asBefore] = [passage.now, passage.before].map((text) => assignments(text, declared));
  if (!asNow || !asBefore) return null;
  const branch = (text: readonly string[]): string[] =>
    text.map((row) => (row.trim() === '' ? row : `  ${row}`));
  const call = importOf(lines, patchId);
  const hoisted = [...declared].map(([name, type]) => `${indent}let ${name}${type};`);
  const [now, before] = [branch(asNow), branch(asBefore)];
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

/** The names that a list of statements declares, with their type as written (`: State`); none where it doesn't parse. */
function declaredIn(text: readonly string[]): [name: string, type: string][] {
  const syntax = parseSource(text.join('\n'), 'passage.ts');
  return (syntax?.program.body ?? []).flatMap((statement) =>
    statement.type === 'VariableDeclaration'
      ? statement.declarations.flatMap(({ id }) =>
          namesIn(id).map((name): [string, string] => [name, typeOf(id, text)]),
        )
      : [],
  );
}

/** The annotation of a declared name; those of patterns are not taken apart. */
function typeOf(id: Node, text: readonly string[]): string {
  if (id.type !== 'Identifier' || !id.typeAnnotation) return '';
  const { start, end } = id.typeAnnotation.loc;
  return start.line === end.line ? text[start.line - 1]!.slice(start.column, end.column) : '';
}

/** Declarations of names that were declared above become assignments to them. Null where that takes more than that. */
function assignments(text: readonly string[], hoisted: ReadonlyMap<string, string>): string[] | null {
  const syntax = hoisted.size > 0 ? parseSource(text.join('\n'), 'passage.ts') : null;
  const rows = [...text];
  for (const statement of syntax?.program.body ?? []) {
    if (statement.type !== 'VariableDeclaration') continue;
    const isHoisted = statement.declarations.some(({ id }) => namesIn(id).some((name) => hoisted.has(name)));
    if (!isHoisted) continue;
    const [declaration, ...more] = statement.declarations;
    const id = declaration!.id;
    const annotation = 'typeAnnotation' in id ? id.typeAnnotation?.loc : undefined;
    if (more.length > 0 || (annotation && annotation.start.line !== annotation.end.line)) return null;
    const first = statement.loc.start.line - 1;
    const last = statement.loc.end.line - 1;
    if (annotation) {
      const row = annotation.start.line - 1;
      rows[row] = rows[row]!.slice(0, annotation.start.column) + rows[row]!.slice(annotation.end.column);
    }
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
  const argument = `'${patchId}'`;
  const namespace =
    /import \* as (\w+) from ['"]@temporalio\/workflow['"]/.exec(text)?.[1] ??
    /\b(?:const|let|var) (\w+) = require\(['"]@temporalio\/workflow['"]\)\s*(?:;|$)/m.exec(text)?.[1];
  if (namespace) return { expression: `${namespace}.patched(${argument})`, edits: [] };
  const expression = `patched(${argument})`;
  const isImported =
    /import\s*\{[^}]*\bpatched\b[^}]*\}\s*from\s*['"]@temporalio\/workflow['"]/.test(text) ||
    /\{[^}]*\bpatched\b[^}]*\}\s*=\s*require\(['"]@temporalio\/workflow['"]\)/.test(text);
  if (isImported) return { expression, edits: [] };
  const isCommonJs = !/^(import|export)\b/m.test(text) && /\brequire\(|\b(module\.)?exports\b/.test(text);
  const quote = (isCommonJs ? /require\("/ : /from\s+"/).test(text) ? '"' : "'";
  const from = `${quote}@temporalio/workflow${quote}`;
  const statement = isCommonJs ? `const { patched } = require(${from});` : `import { patched } from ${from};`;
  const firstImport = lines.findIndex((row) =>
    isCommonJs ? /^(const|let|var)\b.*\brequire\(/.test(row) : /^import\b/.test(row),
  );
  const at = firstImport === -1 ? (/^(#!|['"]use strict)/.test(lines[0] ?? '') ? 2 : 1) : firstImport + 1;
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
  const syntax = parseSource(text, file);
  return syntax !== null && syntax.errors.length === 0;
}

/** Without the indentation that all lines have. */
export function dedent(text: string): string {
  const rows = text.split('\n');
  const indents = rows.filter((row) => row.trim() !== '').map((row) => /^\s*/.exec(row)![0].length);
  const least = Math.min(...indents);
  return rows.map((row) => row.slice(least)).join('\n');
}

const MAX_NAMED = 4;

/** Where the old code isn't known: the shape of the patch, with the commands' names in it. */
function template(
  { kind, removed, added, recorded, produced, isShared }: ReplayTrace,
  patchId: string,
): string {
  const list = (commands: readonly ({ words: string } | null)[], note: string): string => {
    const all = [...new Set(commands.flatMap((command) => (command ? [command.words] : [])))];
    const words = all.filter((command) => all.length === 1 || !command.startsWith('workflow '));
    const lines = words.slice(0, MAX_NAMED).map((command) => `  // ${note}: ${command}`);
    return [...lines, ...(words.length > MAX_NAMED ? ['  // …'] : [])].join('\n');
  };
  const now = list(added.length > 0 ? added : [produced], 'as it is now');
  const before = list(removed.length > 0 ? removed : [recorded], 'as it was');
  if (kind === 'added' && isShared[0])
    return `if (patched('${patchId}')) {\n  // what makes this line run once more: ${produced?.words ?? ''}\n}`;
  if (kind === 'added' || before === '') return `if (patched('${patchId}')) {\n${now}\n}`;
  if (kind === 'removed' || now === '') return `if (!patched('${patchId}')) {\n${before}\n}`;
  return `if (patched('${patchId}')) {\n${now}\n} else {\n${before}\n}`;
}

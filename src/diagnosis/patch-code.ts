import type { ReplayTrace, TracedCommand } from '../model/diagnosis';
import type { SourceEdit, SourceLocation } from '../model/source';
import type { BundledSources } from '../source/bundled-sources';
import { findPassages } from './find-passages';
import type { Passage } from './passage';
import { patchedCallIn } from './patched-import';
import { applyEdits, dedent } from './text-edits';
import { type Node, parseSource } from '../source/parse';
import { namesIn } from '../source/patterns';

/** A change behind `patched()`: the code to type, and the same as edits if it can be applied as it stands. */
export interface PatchCode {
  snippet: string;
  edits: SourceEdit[];
}

/**
 * Returns the code of a patch with both branches: from the last change according to git, else from the calls. `places` are
 * the call that made the difference and its callers.
 */
export async function patchCodeFor(
  trace: ReplayTrace,
  places: readonly SourceLocation[],
  patchId: string,
  sources: BundledSources,
): Promise<PatchCode> {
  for await (const passage of findPassages(trace, places, sources)) {
    const applied = apply(passage, sources.textOf(passage.file)!.split('\n'), patchId);
    if (applied) return applied;
  }
  return { snippet: template(trace, patchId), edits: [] };
}

/** Puts a passage behind `patched()`. Returns null if the result would not be valid code. */
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
  const call = patchedCallIn(lines, file, patchId);
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

/** Returns the names that statements declare, each with its type as written (`: State`); empty if they cannot be parsed. */
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

/** Returns the type annotation of a declared name, or '' for a pattern. */
function typeOf(id: Node, text: readonly string[]): string {
  if (id.type !== 'Identifier' || !id.typeAnnotation) return '';
  const { start, end } = id.typeAnnotation.loc;
  return start.line === end.line ? text[start.line - 1]!.slice(start.column, end.column) : '';
}

/** Turns declarations of names that are declared above into assignments. Returns null for a declaration of another form. */
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

function isValid(text: string, file: string): boolean {
  const syntax = parseSource(text, file);
  return syntax !== null && syntax.errors.length === 0;
}

const MAX_NAMED = 4;

/** Returns the outline of a patch with the names of the commands, for a change whose old code is not known. */
function template(
  { kind, removed, added, recorded, produced, isShared }: ReplayTrace,
  patchId: string,
): string {
  const list = (commands: readonly (TracedCommand | null)[], note: string): string => {
    const all = new Map(commands.flatMap((command) => (command ? [[command.words, command] as const] : [])));
    const named = [...all.values()].filter(({ endsRun }) => all.size === 1 || !endsRun);
    const words = named.map((command) => command.words);
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

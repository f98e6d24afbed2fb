import type { FoundCause } from '../model/cause';
import type { RemedyChange, ReplayTrace } from '../model/diagnosis';
import type { SourceEdit, SourceLocation } from '../model/source';
import type { BundledSources } from '../source/bundled-sources';
import { chosenExpressions, importsFor, passageOfCause, versionedCause } from './cause-changes';
import { activityNamesBehindPatch } from './activity-name-changes';
import { childTypeBehindPatch } from './child-type-changes';
import { findPassages } from './find-passages';
import type { Passage } from './passage';
import { userOutside } from '../cause/code-outside';
import { WORKFLOW_PACKAGE, workflowCallIn } from '../patching/workflow-call';
import { applyEdits, dedent } from '../patching/text-edits';
import { mentions } from '../source/names-in-code';
import { type Node, parseSource } from '../source/parse';
import { namesIn } from '../source/patterns';

/** Number of ways to write a patch that are worth a trial. */
const MAX_CHANGES = 6;

/**
 * Returns the ways to write a patch with both branches, the likeliest first: from the change that makes the histories break,
 * its statements and then its whole declarations; from the last change according to git; and from the calls. `places` are the
 * call that made the difference and its callers. Empty if the old code is not known.
 */
export async function patchChangesFor(
  trace: ReplayTrace,
  places: readonly SourceLocation[],
  patchId: string,
  sources: BundledSources,
  cause: FoundCause | null = null,
): Promise<RemedyChange[]> {
  const changes = new Map<string, RemedyChange>();
  const add = (change: RemedyChange | null): void => {
    if (change) changes.set(JSON.stringify(change.edits), change);
  };
  const addPassage = (passage: Passage): void =>
    add(apply(passage, sources.textOf(passage.file)!.split('\n'), patchId));
  add(childTypeBehindPatch(trace, places[0] ?? null, patchId, sources));
  for (const change of activityNamesBehindPatch(trace, patchId, sources, cause)) add(change);
  if (cause) {
    add(chosenExpressions(cause, patchId, sources));
    const passage = passageOfCause(cause, sources);
    if (passage) {
      const change = apply(passage, sources.textOf(passage.file)!.split('\n'), patchId);
      const imports = importsFor(passage.before, passage.file, cause.changes, sources);
      add(change && { ...change, edits: [...imports, ...change.edits] });
    }
    add(versionedCause(cause, patchId, sources));
    // Some histories may break by other changes too, as soon as they get past this one.
    if (cause.changes.length > cause.hunks.length)
      add(versionedCause({ hunks: [...cause.changes], changes: cause.changes }, patchId, sources));
  }
  for await (const passage of findPassages(trace, places, sources)) {
    addPassage(passage);
    if (changes.size >= MAX_CHANGES) break;
  }
  return [...changes.values()];
}

/** Ways to write a patch, and the file outside of the workflow code because of which others were dropped; null if none were. */
export interface PatchChanges {
  changes: RemedyChange[];
  sharedWith: string | null;
}

/**
 * Drops the changes that call `patched()` in a file that code outside of workflows loads too, such as activities: there the call
 * throws. A file that imports the SDK's workflow package already is taken for workflow code.
 */
export async function withoutSharedFiles(
  changes: readonly RemedyChange[],
  sources: BundledSources,
): Promise<PatchChanges> {
  const bundled = new Set(sources.files());
  const users = new Map<string, string | null>();
  const kept: RemedyChange[] = [];
  let sharedWith: string | null = null;
  for (const change of changes) {
    let user: string | null = null;
    for (const file of filesThatGetTheImport(change, sources)) {
      if (!users.has(file)) users.set(file, await userOutside(file, bundled));
      user ??= users.get(file)!;
    }
    if (user === null) kept.push(change);
    else sharedWith ??= user;
  }
  return { changes: kept, sharedWith: kept.length === 0 ? sharedWith : null };
}

/** Returns the files that import the SDK's workflow package only with a change. */
function filesThatGetTheImport({ edits }: RemedyChange, sources: BundledSources): string[] {
  const files = [...new Set(edits.map(({ file }) => file))];
  return files.filter(
    (file) =>
      !(sources.textOf(file) ?? '').includes(WORKFLOW_PACKAGE) &&
      edits.some((edit) => edit.file === file && edit.replacement.includes(WORKFLOW_PACKAGE)),
  );
}

/** Puts a passage behind `patched()`. Returns null if the result would not be valid code. */
function apply(passage: Passage, lines: readonly string[], patchId: string): RemedyChange | null {
  const { file, line, count } = passage;
  const after = lines.slice(line - 1 + count).join('\n');
  const declared = new Map(
    [...declaredIn(passage.before), ...declaredIn(passage.now)].filter(([name]) => mentions([after], [name])),
  );
  const isBlank = (text: readonly string[]): boolean => text.every((row) => row.trim() === '');
  const indent = /^\s*/.exec([...passage.now, ...passage.before].find((row) => row.trim() !== '') ?? '')![0];
  const [asNow, asBefore] = [passage.now, passage.before].map((text) => assignments(text, declared));
  if (!asNow || !asBefore) return null;
  const branch = (text: readonly string[]): string[] =>
    text.map((row) => (row.trim() === '' ? row : `  ${row}`));
  const call = workflowCallIn(lines, file, 'patched', patchId);
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

import { isCode, isImport } from '../cause/code-lines';
import { textBefore, textsBefore } from '../cause/revert';
import type { Cause, FileHunk, FoundCause } from '../model/cause';
import type { RemedyChange } from '../model/diagnosis';
import type { SourceEdit } from '../model/source';
import { chooseExpressions } from '../patching/changed-expressions';
import { importText, namesMentionedIn, unitNamed, unitsOf } from '../patching/module-units';
import { editsBetween } from '../patching/splices';
import { dedent } from '../patching/text-edits';
import { versionDeclarations } from '../patching/version-declarations';
import type { BundledSources } from '../source/bundled-sources';
import { isFunction } from '../source/functions';
import { type Node, parseSource } from '../source/parse';
import { walk } from '../source/walk';
import { passageFromChange } from './changed-passages';
import type { Passage } from './passage';

/**
 * Returns the changed statements of a cause as one passage; null if the cause does not lie in one function. Changed imports do
 * not count: what the statements of before need is there, or its absence shows in the trial.
 */
export function passageOfCause({ hunks }: Cause, sources: BundledSources): Passage | null {
  const inCode = hunks.filter((hunk) => !isImports(hunk, sources));
  const [first] = inCode;
  if (!first || inCode.some(({ file }) => file !== first.file)) return null;
  const { file } = first;
  const text = sources.textOf(file);
  const syntax = sources.syntaxOf(file);
  if (text === null || !syntax) return null;
  const scope = innermostFunctionRound(inCode, syntax.program);
  const change = { file, lines: text.split('\n'), program: syntax.program, hunks: inCode };
  return scope && passageFromChange(change, scope, () => true);
}

function isImports({ file, line, count, before }: FileHunk, sources: BundledSources): boolean {
  const now = (sources.textOf(file)?.split('\n') ?? []).slice(line - 1, line - 1 + count);
  return [...before, ...now].filter(isCode).every(isImport);
}

function innermostFunctionRound(hunks: readonly FileHunk[], program: Node): Node | null {
  const holds = ({ loc: { start, end } }: Node): boolean =>
    hunks.every(({ line, count }) => start.line <= line && end.line >= line + Math.max(count, 1) - 1);
  return [...walk(program)].filter((node) => isFunction(node) && holds(node)).at(-1) ?? null;
}

/** Returns the change that keeps what a cause changed as it was, declaration by declaration; null if it cannot be expressed. */
export function versionedCause(
  { hunks, changes }: Pick<FoundCause, 'hunks' | 'changes'>,
  patchId: string,
  sources: BundledSources,
): RemedyChange | null {
  const textOf = (file: string): string | null => sources.textOf(file);
  const before = textsBefore(hunks, textOf);
  if (!before) return null;
  const files = [...new Set([...sources.files(), ...before.keys()])];
  const earlier = textsBefore(changes, textOf) ?? before;
  const texts = versionDeclarations({ files, before, earlier, textOf }, patchId);
  return texts && changeBetween(texts, sources);
}

/**
 * Returns the change that chooses between the changed expressions of a cause, such as an option or a limit, where they stand; null if
 * more has changed.
 */
export function chosenExpressions(
  { hunks }: Pick<Cause, 'hunks'>,
  patchId: string,
  sources: BundledSources,
): RemedyChange | null {
  const before = textsBefore(hunks, (file) => sources.textOf(file));
  const texts = new Map<string, string>();
  for (const [file, old] of before ?? []) {
    const text = chooseExpressions({ now: sources.textOf(file) ?? '', before: old }, file, patchId);
    if (text === null) return null;
    texts.set(file, text);
  }
  return texts.size === 0 ? null : changeBetween(texts, sources);
}

/**
 * Returns the imports that code of before needs and its file no longer has, as edits. Another passage of the change may have
 * removed them.
 */
export function importsFor(
  before: readonly string[],
  file: string,
  changes: readonly FileHunk[],
  sources: BundledSources,
): SourceEdit[] {
  const own = changes.filter((hunk) => hunk.file === file);
  const text = sources.textOf(file) ?? '';
  const now = unitsOf(text, file);
  const earlier = unitsOf(textBefore(text, own), file);
  const part = parseSource(before.join('\n'), file)?.program;
  if (!now || !earlier || !part) return [];
  const names = namesMentionedIn(part);
  const missing = earlier.imports.filter(
    ({ local }) =>
      names.has(local) && !now.imports.some((one) => one.local === local) && !unitNamed(now, local),
  );
  const line = now.imports[0]?.statement.loc.start.line ?? 1;
  return missing.map((one) => ({
    file,
    startLine: line,
    endLine: line - 1,
    replacement: importText(one, one.local),
  }));
}

/** Returns the change that undoes a cause. */
export function undoneCause({ hunks }: Pick<Cause, 'hunks'>, sources: BundledSources): RemedyChange | null {
  const before = textsBefore(hunks, (file) => sources.textOf(file));
  return before && changeBetween(before, sources);
}

export function changeBetween(texts: ReadonlyMap<string, string>, sources: BundledSources): RemedyChange {
  const edits = [...texts].flatMap(([file, text]) =>
    editsBetween(sources.textOf(file) ?? '', text).map((edit) => ({ file, ...edit })),
  );
  const parts = edits
    .filter((edit) => !isPartOfImport(edit, sources))
    .map(({ replacement }) => dedent(replacement))
    .filter((part) => part.trim() !== '');
  return { snippet: parts.length === 0 ? null : parts.join('\n'), edits };
}

/** Returns true for a name that is added to an import of several lines: alone, it reads as a line of code. */
function isPartOfImport({ file, startLine, replacement }: SourceEdit, sources: BundledSources): boolean {
  const body = sources.syntaxOf(file)?.program.body ?? [];
  const isInImport = body.some(
    ({ type, loc }) =>
      type === 'ImportDeclaration' && loc.start.line < startLine && startLine <= loc.end.line,
  );
  return isInImport && !/^\s*import\b/.test(replacement);
}

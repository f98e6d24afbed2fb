import type { PatchFunction } from '../model/patches';
import type { SourceEdit } from '../model/source';
import { namesUsedIn, scopesIn } from '../source/bindings';
import { importedFile } from '../source/imported-file';
import { indexOfName } from '../source/names-in-code';
import type { Node } from '../source/parse';
import { type FoundPatchCall, patchCallsIn } from '../source/patch-calls';
import { type ModuleAccess, StaticExpressions } from '../source/static-expressions';
import { StaticTexts } from '../source/static-texts';
import { walk } from '../source/walk';
import { asserted, isPure } from './expression-text';
import { ConstantFolder } from './fold-constant';
import { isKnown } from './folded-expression';
import { callsOf, helperIn, settled } from './fold-helpers';
import { StatementFolder } from './fold-statements';
import { foldVariable } from './fold-variables';
import { isWithin } from './mentions';
import { PatchFunctions } from './patch-functions';
import {
  type Constant,
  constantName,
  hasMark,
  isFreeOfPlaceholders,
  markName,
  markedName,
  withTemplateMasked,
  withTemplatesRestored,
  withoutPlaceholders,
} from './placeholders';
import { type Splice, applySplices, editsBetween } from './splices';
import { type Draft, commentsAbove, commentsIn, draftOf } from './statement-text';
import { applyEdits } from './text-edits';
import { withoutUnusedNames } from './unused-names';
import { workflowFunctionIn } from './workflow-call';

/** The code whose patches are known. */
export interface PatchedCode {
  /** Absolute paths of the user's own files, those without a call of the patch included. */
  files: readonly string[];
  /** Returns the text of a file, or null if it is not there. */
  textOf(path: string): string | null;
}

/** Edits that move a patch on. */
export interface AdvanceCandidate {
  edits: SourceEdit[];
  /**
   * The place of `deprecatePatch()` where other calls come before `patched()` in its statement: at the same place, or in front of the
   * statement, which is easier to read and may change the order of commands.
   */
  order: 'same' | 'before other calls';
}

export type AdvancedPatch =
  | { to: 'deprecated' | 'removed'; candidates: AdvanceCandidate[] }
  /** A sentence on why the code cannot be changed, and the call or the file that it is about. */
  | { reason: string; at: { file: string; line: number | null } | null };

/**
 * Returns the edits with which code goes without the old branch of a patch, and calls `deprecatePatch()`; if it does so already,
 * those with which it goes without that call. The best candidate comes first, and a reason instead where it is not sure that the
 * code does the same afterwards.
 *
 * @param calls the calls of `patchCallsIn()`, at least all those of the patch
 */
export function advancePatch(id: string, calls: readonly FoundPatchCall[], code: PatchedCode): AdvancedPatch {
  try {
    const change = new PatchChange(id, calls, code);
    const same = change.edits(false);
    const { to } = change;
    if (to === 'removed') return { to, candidates: [{ edits: same, order: 'same' }] };
    const before = change.edits(true);
    const isOther = JSON.stringify(before) !== JSON.stringify(same);
    return {
      to,
      candidates: [
        { edits: same, order: 'same' },
        ...(isOther ? [{ edits: before, order: 'before other calls' } as const] : []),
      ],
    };
  } catch (err) {
    if (err instanceof NotSure) return { reason: err.message, at: err.at };
    throw err;
  }
}

/** Ends a change that cannot be made for sure. */
class NotSure extends Error {
  readonly at: { file: string; line: number | null } | null;

  constructor(message: string, file?: string, line?: number) {
    super(message);
    this.at = file === undefined ? null : { file, line: line ?? null };
  }
}

const MAX_STEPS = 5_000;

interface Site {
  call: FoundPatchCall;
  /** The text of the argument with the id. */
  argument: string;
  value: Constant;
}

class PatchChange {
  readonly to: 'deprecated' | 'removed';
  private readonly call: PatchFunction;
  private readonly originals = new Map<string, Draft>();
  private readonly sites: Site[];

  constructor(
    private readonly id: string,
    calls: readonly FoundPatchCall[],
    private readonly code: PatchedCode,
  ) {
    const own = calls.filter((one) => one.id === id);
    if (own.length === 0) throw new NotSure(`The code has no call with the id '${id}'.`);
    this.call = own.some(({ call }) => call === 'patched') ? 'patched' : 'deprecatePatch';
    this.to = this.call === 'patched' ? 'deprecated' : 'removed';
    for (const path of new Set([...own.map(({ file }) => file), ...code.files])) this.open(path);
    const due = own.filter(({ call }) => call === this.call);
    this.sites = due.map((one) => this.siteOf(one, calls));
  }

  private open(path: string): void {
    const text = this.code.textOf(path);
    const draft = text === null ? null : draftOf(linesOf(text), path);
    if (draft) this.originals.set(path, draft);
  }

  /** Returns the edits, where calls may come before other ones of their statement or not. */
  edits(overCalls: boolean): SourceEdit[] {
    const edited = new EditedCode(this.originals, this.sites, { id: this.id, call: this.call, overCalls });
    const after = edited.drafts();
    for (const draft of after.values()) this.check(draft);
    this.checkCalls(after);
    return [...after.values()].flatMap(({ text, module: { path } }) => {
      const before = this.code.textOf(path)!;
      return editsBetween(before, withLineEndsOf(before, text)).map((edit) => ({ file: path, ...edit }));
    });
  }

  private siteOf(call: FoundPatchCall, calls: readonly FoundPatchCall[]): Site {
    const { file, line, ancestors } = call;
    const draft = this.originals.get(file);
    const node = draft && callAt(draft, call.node);
    if (!node || !isFreeOfPlaceholders(draft.text))
      throw new NotSure('The file cannot be read, or it was changed since its calls were found.', file);
    const around = ancestors.findLast((one) => asserted(one) === null && one.type !== 'ChainExpression');
    if (around?.type === 'AwaitExpression')
      throw new NotSure(`The call stands after await, which ${this.call}() does not need.`, file, line);
    const access = accessTo(this.originals);
    const texts = new StaticTexts(new StaticExpressions(access), () => '/');
    const ids = node.arguments.map((argument) => texts.of({ node: argument, module: draft.module }).texts);
    const index = ids.findIndex((known) => known.some(({ text }) => text === this.id));
    const hasOthers = calls.some((one) => one.node === call.node && one.id !== this.id);
    if (index === -1 || ids[index]!.length > 1 || hasOthers)
      throw new NotSure('The call is one of several ids.', file, line);
    const result = new PatchFunctions(this.originals, access).resultOf(node, this.call, draft.module);
    if (!result || !isKnown(result.value) || !node.arguments.every(isPure))
      throw new NotSure(`It is not sure that the call does nothing but ${this.call}().`, file, line);
    return { call, argument: draft.text.slice(...node.arguments[index]!.range), value: result.value[0] };
  }

  /** Checks that what goes is used by nothing that stays. */
  private check(after: Draft): void {
    const { path } = after.module;
    const known = new Set(undeclaredIn(this.originals.get(path)!));
    const lost = undeclaredIn(after).find((name) => !known.has(name) && name !== 'undefined');
    if (lost !== undefined)
      throw new NotSure(`The code that would go declares ${lost}, which other code uses.`, path);
  }

  private checkCalls(after: ReadonlyMap<string, Draft>): void {
    const drafts = new Map([...this.originals, ...after]);
    const modules = [...drafts.values()].map(({ module }) => module);
    const left = patchCallsIn(modules, accessTo(drafts)).find(
      ({ id, call }) => id === this.id && call === this.call,
    );
    if (left) throw new NotSure(`A call of ${this.call}() would be left.`, left.file);
  }
}

const undeclaredIn = ({ module }: Draft): string[] => namesUsedIn(module.program, module).undeclared;

/** Returns a text with plain line ends, if all of them are those of Windows. */
const linesOf = (text: string): string => (isOfWindows(text) ? text.replaceAll('\r\n', '\n') : text);

const withLineEndsOf = (before: string, text: string): string =>
  isOfWindows(before) ? text.replaceAll('\n', '\r\n') : text;

const isOfWindows = (text: string): boolean => text.includes('\r\n') && !/(?<!\r)\n/.test(text);

function accessTo(drafts: ReadonlyMap<string, Draft>): ModuleAccess {
  const files = [...drafts.keys()];
  return {
    read: (path) => drafts.get(path)?.module ?? null,
    resolve: (specifier, from) => importedFile(specifier, from, files),
  };
}

/** Returns the call at the place of one that was found in the same text. */
function callAt(
  { module }: Draft,
  { loc: { start, end } }: FoundPatchCall['node'],
): FoundPatchCall['node'] | null {
  for (const node of walk(module.program)) {
    const { loc } = node;
    const isSame =
      loc.start.line === start.line &&
      loc.start.column === start.column &&
      loc.end.line === end.line &&
      loc.end.column === end.column;
    if (isSame && node.type === 'CallExpression') return node;
  }
  return null;
}

interface Change {
  id: string;
  call: PatchFunction;
  overCalls: boolean;
}

/** The code while it is edited. */
class EditedCode {
  private readonly current: Map<string, Draft>;
  private readonly touched = new Set<string>();
  /** Texts of the arguments of calls by their marks. */
  private readonly marks = new Map<string, string>();
  private steps = 0;

  constructor(
    private readonly originals: ReadonlyMap<string, Draft>,
    sites: readonly Site[],
    private readonly change: Change,
  ) {
    this.current = new Map(originals);
    for (const path of new Set(sites.map(({ call }) => call.file))) {
      const draft = originals.get(path)!;
      const own = sites.filter(({ call }) => call.file === path);
      this.set(path, withMasks(draft, this.marked(own, draft)));
    }
  }

  /** Returns the edited modules. */
  drafts(): Map<string, Draft> {
    this.foldAll(true);
    for (let helper = this.nextHelper(); helper; helper = this.nextHelper()) this.foldAll(true);
    this.foldAll(false);
    return new Map([...this.touched].map((path) => [path, this.finished(path)]));
  }

  private marked(sites: readonly Site[], draft: Draft): Splice[] {
    return sites.map(({ call, argument, value }) => {
      const [start, end] = callAt(draft, call.node)!.range;
      return { start, end, text: this.markText(argument, value) };
    });
  }

  private markText(argument: string, value: Constant): string {
    if (this.change.call === 'deprecatePatch' || value === undefined) return constantName(undefined);
    const n = this.marks.size;
    this.marks.set(markName(n), argument);
    return markedName(n, value);
  }

  private set(path: string, text: string): void {
    if (this.steps++ > MAX_STEPS) throw new NotSure('The file needs too many changes.', path);
    const draft = draftOf(text, path);
    if (!draft) throw new NotSure('The code would not be valid afterwards.', path);
    this.touched.add(path);
    this.current.set(path, draft);
  }

  private foldAll(keepsBodies: boolean): void {
    for (const path of this.touched) this.fold(path, keepsBodies);
  }

  private fold(path: string, keepsBodies: boolean): void {
    for (;;) {
      const draft = this.current.get(path)!;
      const folder = new StatementFolder(draft, this.folderOf(draft), keepsBodies, (text, statement) =>
        this.commentsOf(text, statement),
      );
      const splices = folder.next() ?? foldVariable(draft);
      if (!splices) return;
      this.set(path, applySplices(draft.text, splices));
    }
  }

  private folderOf = (draft: Draft): ConstantFolder => new ConstantFolder(draft.text, this.change.overCalls);

  /** Returns where the comments begin that speak of nothing but the patch. */
  private commentsOf(text: string, { range: [start] }: Node): number | undefined {
    if (this.change.call === 'patched') return undefined;
    const top = commentsAbove(text, start);
    if (top === undefined) return undefined;
    const sentences = commentsIn(text.slice(top, start))
      .map((comment) => comment.replace(/^\/[/*]+|^\s*\*+\/?|\*+\/$/gm, ' '))
      .join(' ')
      .split(/[.!?]\s/)
      .filter((sentence) => sentence.trim() !== '');
    const isOfPatch = (sentence: string): boolean =>
      indexOfName(sentence, this.change.id) !== -1 || /deprecat|patch|eslint-|@ts-/i.test(sentence);
    return sentences.every(isOfPatch) ? top : undefined;
  }

  /** Puts what a helper does in the place of its calls. Returns false if there is no helper left. */
  private nextHelper(): boolean {
    for (const path of this.touched) {
      const draft = this.current.get(path)!;
      const helper = helperIn(draft, this.folderOf(draft));
      if (!helper) continue;
      const expressions = new StaticExpressions(accessTo(this.current));
      const texts = new Map<string, string>();
      for (const [at, { text, module }] of this.current) {
        const calls = callsOf(helper, module, expressions);
        const splices = calls.map(({ range: [start, end] }) => ({
          start,
          end,
          text: this.resultText(helper.marks, helper.value, at === path),
        }));
        if (at === path) splices.push(...settled(helper, calls));
        if (splices.length === 0) continue;
        texts.set(
          at,
          this.touched.has(at) ? applySplices(text, splices) : withMasks(this.current.get(at)!, splices),
        );
      }
      for (const [at, text] of texts) this.set(at, text);
      return true;
    }
    return false;
  }

  private resultText(marks: readonly string[], value: Constant, isSameModule: boolean): string {
    const [mark] = marks;
    if (mark === undefined) return constantName(value);
    const argument = this.marks.get(mark)!;
    const isLiteral = /^(['"])(?:(?!\1|\\).)*\1$/.test(argument);
    return this.markText(isSameModule && isLiteral ? argument : '', value);
  }

  /** Returns a module with code in the place of placeholders, and without what it uses no more. */
  private finished(path: string): Draft {
    const { text } = this.current.get(path)!;
    const hasMarks = hasMark(text);
    const lines = text.split('\n');
    const { callee, edits } = hasMarks
      ? workflowFunctionIn(lines, path, 'deprecatePatch')
      : { callee: '', edits: [] };
    if (hasMarks) this.checkFree(callee, path);
    const quote = /(?:from\s+|\brequire\()"/.test(text) ? '"' : "'";
    const code = withoutPlaceholders(applyEdits(lines, edits), (mark) => {
      const argument = this.marks.get(mark)! || quoted(this.change.id, quote);
      return `${callee}(${argument})`;
    });
    const draft = draftOf(withTemplatesRestored(code), path);
    if (!draft) throw new NotSure('The code would not be valid afterwards.', path);
    return withoutUnusedNames(this.originals.get(path)!, draft);
  }

  /** Checks that the name of a function means the same everywhere in a module. */
  private checkFree(callee: string, path: string): void {
    const [root] = callee.split('.');
    const { module } = this.originals.get(path)!;
    const isShadowed = scopesIn(module).some(
      ({ type, set }) => type !== 'module' && type !== 'global' && set.get(root!)?.defs.length,
    );
    if (isShadowed) throw new NotSure(`The file has other variables that are named ${root}.`, path);
  }
}

function quoted(text: string, quote: string): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return quote === '"' ? `"${inner}"` : `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Applies splices, and replaces the ends of lines in templates, where each blank counts. */
function withMasks({ text, module }: Draft, splices: readonly Splice[]): string {
  const masks = [...walk(module.program)].flatMap((node) => {
    const [start, end] = node.range;
    const isKept =
      node.type === 'TemplateElement' && !splices.some((one) => isWithin(node, [one.start, one.end]));
    return isKept ? [{ start, end, text: withTemplateMasked(text.slice(start, end)) }] : [];
  });
  return applySplices(text, [...masks, ...splices]);
}

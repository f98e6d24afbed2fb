import type { Node } from '../source/parse';
import { type Visited, childrenOf } from '../source/walk';

/** A value that an expression is known to have. */
export type Constant = boolean | undefined;

/** Names that stand for known values while a text is edited. The values of the code itself stay as they are written. */
const NAMES = { true: '__knownTrue__', false: '__knownFalse__', undefined: '__knownUndefined__' } as const;
const CONSTANTS = new Map<string, Constant>([
  [NAMES.true, true],
  [NAMES.false, false],
  [NAMES.undefined, undefined],
]);

const MARK = /^__mark\d+__$/;
/** Matches a call of `patched()`: a mark with its value. */
const MARKED = /^__mark(\d+)(True|False)__$/;
const PLACEHOLDER = /__(?:known(?:True|False|Undefined)|mark\d+(?:True|False)?)__/g;

/** Returns the name that stands for a value. */
export const constantName = (value: Constant): string => NAMES[`${value}`];

/** Returns the name that stands for a call of `deprecatePatch()`. */
export const markName = (n: number): string => `__mark${n}__`;

/** Returns a known value in a list, or null if the node is not the name of one. */
export function constantOf(node: Node): [Constant] | null {
  return node.type === 'Identifier' && CONSTANTS.has(node.name) ? [CONSTANTS.get(node.name)] : null;
}

/** Returns the name that stands for a call of `deprecatePatch()` and a value after it. */
export const markedName = (n: number, value: boolean): string => `__mark${n}${value ? 'True' : 'False'}__`;

/** Returns the mark and the value of a call of `patched()`; null for another node. */
export function markedCallOf(node: Node): { mark: string; value: boolean } | null {
  const match = node.type === 'Identifier' ? MARKED.exec(node.name) : null;
  return match && { mark: markName(Number(match[1])), value: match[2] === 'True' };
}

export const isMark = (node: Node): boolean => node.type === 'Identifier' && MARK.test(node.name);

export const hasMark = (text: string): boolean => /__mark\d/.test(text);

export const hasPlaceholder = (text: string): boolean => text.search(PLACEHOLDER) !== -1;

/** Returns a text with code in the place of all placeholders. */
export const withoutPlaceholders = (text: string, codeOfMark: (name: string) => string): string =>
  text.replace(PLACEHOLDER, (name) => {
    const [, n, value] = MARKED.exec(name) ?? [];
    if (n !== undefined) return `(${codeOfMark(markName(Number(n)))}, ${value!.toLowerCase()})`;
    return CONSTANTS.has(name) ? String(CONSTANTS.get(name)) : codeOfMark(name);
  });

/** Characters that stand for the ends of lines within templates, where each blank counts. */
const [LINE_FEED, CARRIAGE_RETURN] = ['\uE000', '\uE001'] as const;

/** Returns false for a text that has a placeholder of its own. */
export const isFreeOfPlaceholders = (text: string): boolean =>
  !hasPlaceholder(text) && !text.includes(LINE_FEED) && !text.includes(CARRIAGE_RETURN);

/** Replaces the ends of lines in a part of a template, so that edits of lines pass it over. */
export const withTemplateMasked = (part: string): string =>
  part.replaceAll('\n', LINE_FEED).replaceAll('\r', CARRIAGE_RETURN);

export const withTemplatesRestored = (text: string): string =>
  text.replaceAll(LINE_FEED, '\n').replaceAll(CARRIAGE_RETURN, '\r');

/** Yields the nodes of a tree that have a placeholder in their text, each before its children. */
export function* walkPlaceholders(
  root: Node,
  text: string,
  ancestors: readonly Node[] = [],
): Generator<Visited> {
  if (!hasPlaceholder(text.slice(...root.range))) return;
  yield { node: root, ancestors };
  const around = [...ancestors, root];
  for (const child of childrenOf(root)) yield* walkPlaceholders(child, text, around);
}

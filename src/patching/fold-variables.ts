import type { TSESTree } from '@typescript-eslint/types';
import type { Variable } from 'eslint-scope';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { type Mention, isWithin, mentionsOf, variableDeclaredBy } from './mentions';
import { replaceRead } from './old-copy';
import { constantName, constantOf, walkPlaceholders } from './placeholders';
import type { Splice } from './splices';
import { type Draft, commentsAbove, placeOf, removed, withoutItem } from './statement-text';

type Declarator = TSESTree.VariableDeclarator;

/** A variable whose value is known. */
interface KnownVariable {
  declarator: Declarator;
  declaration: TSESTree.VariableDeclaration;
  /** The nodes around the declaration. */
  ancestors: readonly Node[];
}

/** Puts the value of a variable that never has another one where the variable is read. Returns null if there is none. */
export function foldVariable(draft: Draft): Splice[] | null {
  for (const { node, ancestors } of walkPlaceholders(draft.module.program, draft.text)) {
    if (node.type !== 'VariableDeclarator' || !node.init) continue;
    const constant = constantOf(node.init);
    if (!constant) continue;
    const declaration = ancestors.at(-1) as TSESTree.VariableDeclaration;
    const variable = { declarator: node, declaration, ancestors: ancestors.slice(0, -1) };
    const [start, end] = node.init.range;
    const asWritten = { start, end, text: String(constant[0]) };
    const reads = readsOf(variable, draft);
    if (!reads) return [asWritten];
    const { replaced, others } = reads;
    const splices = replaced.map(({ node: read, ancestors: around }) =>
      replaceRead(read, around.at(-1), constantName(constant[0])),
    );
    const place = placeOf(declaration, variable.ancestors);
    const isLeft = others || place.list === null || place.parent.type === 'ExportNamedDeclaration';
    return [...splices, ...(isLeft ? [asWritten] : withoutDeclarator(draft, variable))];
  }
  return null;
}

/** Takes out a variable that nothing uses, and its declaration if it has no other one. */
export function withoutDeclarator(
  draft: Draft,
  { declarator, declaration, ancestors }: KnownVariable,
): Splice[] {
  const { declarations } = declaration;
  if (declarations.length > 1)
    return [withoutItem(draft.text, declarations, declarations.indexOf(declarator as never))];
  const top = commentsAbove(draft.text, declaration.range[0]);
  return removed(draft, placeOf(declaration, ancestors), { top });
}

/** Returns the reads of a variable, and true for other mentions of it; null if it may have another value. */
function readsOf(
  { declarator, declaration, ancestors }: KnownVariable,
  { module }: Draft,
): { replaced: Mention[]; others: boolean } | null {
  const { id } = declarator;
  const variable = id.type === 'Identifier' ? variableDeclaredBy(declarator, module) : undefined;
  if (id.type !== 'Identifier' || !variable || isChanged(variable)) return null;
  if (/^For/.test(ancestors.at(-1)!.type)) return null;
  const mentions = mentionsOf(new Set([id.name]), module).filter(
    (mention) => mention.node !== id && (mention.variable === variable || mention.variable === null),
  );
  const replaced = mentions.filter((mention) => mention.variable === variable && isRead(mention));
  if (declaration.kind === 'var' && !replaced.every((read) => isAfter(read, declarator, ancestors)))
    return null;
  if (!['var', 'let', 'const'].includes(declaration.kind)) return null;
  return { replaced, others: replaced.length < mentions.length };
}

const isChanged = ({ references, defs }: Variable): boolean =>
  defs.length > 1 || references.some((reference) => reference.isWrite() && !reference.init);

const isRead = ({ ancestors }: Mention): boolean =>
  !ancestors.some(({ type }) => TYPES.test(type)) && ancestors.at(-1)?.type !== 'ExportSpecifier';

const TYPES = /^TSType(?!Assertion)|^TSInterface|^TSExpressionWithTypeArguments/;

/** Returns true for a read that the declaration of a `var` is always run before. */
function isAfter(read: Mention, declarator: Declarator, ancestors: readonly Node[]): boolean {
  const [block, owner] = [ancestors.at(-1)!, ancestors.at(-2)];
  const isAtTop = owner !== undefined && isFunction(owner) && block === owner.body;
  const isInSame = isAtTop && read.ancestors.findLast(isFunction) === owner;
  return isInSame && read.node.range[0] > declarator.range[1] && isWithin(read.node, block.range);
}

import type { TSESTree } from '@typescript-eslint/types';
import type { Node } from './parse';

/** Returns the expression in `a as T`, `a satisfies T`, `<T>a`, `a!` and an optional chain; any other node as it is. */
export function withoutWrappers(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ChainExpression':
      return withoutWrappers(node.expression);
    default:
      return node;
  }
}

/** Returns the text of a string literal, or null for another node. */
export const stringOf = (node: Node): string | null =>
  node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;

export const isNullLiteral = (node: Node): boolean => node.type === 'Literal' && node.raw === 'null';

/** Returns the name that an identifier or a string literal gives to a property or an export, else null. */
export const nameOf = (node: Node): string | null =>
  node.type === 'Identifier' ? node.name : stringOf(node);

/** Returns the key of `object.key` and `object['key']`, or null if only a run can tell it. */
export const keyOf = ({ computed, property }: TSESTree.MemberExpression): string | null =>
  computed ? stringOf(property) : nameOf(property);

/** Returns `a.b.c` as it is written, or '' for anything more involved. */
export function memberText(node: Node): string {
  if (node.type === 'ChainExpression') return memberText(node.expression);
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression') return '';
  const object = memberText(node.object);
  const key = keyOf(node);
  return object && key ? `${object}.${key}` : '';
}

/** Returns `f` for both `f(…)` and `object.f(…)`; null if only a run can tell it. */
export function calledName({ callee }: TSESTree.CallExpression): string | null {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' ? keyOf(callee) : null;
}

export const calleeText = (node: TSESTree.CallExpression): string => memberText(node.callee);

import type { TSESTree } from '@typescript-eslint/types';
import type { Node } from './parse';
import type { Position } from './place';
import { walk, walkWithAncestors } from './walk';

export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

/** Returns true for a function with a body. The function of a method is the value of its definition. */
export const isFunction = (node: Node): node is FunctionNode =>
  node.type === 'FunctionDeclaration' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ArrowFunctionExpression';

/** Returns where the name of a function stands in its definition, or null if there is no function of that name. */
export function findFunction(root: Node, name: string): Position | null {
  for (const node of walk(root)) {
    const isDefinition =
      node.type === 'FunctionDeclaration' || (node.type === 'VariableDeclarator' && node.init !== null);
    if (!isDefinition || node.id?.type !== 'Identifier' || node.id.name !== name) continue;
    const { line, column } = node.id.loc.start;
    return { line, column: column + 1 };
  }
  return null;
}

/** Returns the expressions that a function returns, without those of functions inside it. */
export function returnedBy(fn: FunctionNode): Node[] {
  if (fn.body.type !== 'BlockStatement') return [fn.body];
  return [...walkWithAncestors(fn.body)].flatMap(({ node, ancestors }) =>
    node.type === 'ReturnStatement' && node.argument && !ancestors.some(isFunction) ? [node.argument] : [],
  );
}

import type { Node } from '../source/parse';

/**
 * Returns the expression that chooses by a condition between two others, for the place of a node: in parentheses where its
 * surroundings need them.
 */
export function chosen(
  condition: string,
  [now, before]: readonly [string, string],
  node: Node,
  parent: Node | undefined,
): string {
  const choice = `${condition} ? ${now} : ${before}`;
  return isFree(node, parent) ? choice : `(${choice})`;
}

const isFree = (node: Node, parent: Node | undefined): boolean =>
  ((parent?.type === 'CallExpression' || parent?.type === 'NewExpression') && parent.callee !== node) ||
  FREE.has(parent?.type ?? '');

const FREE = new Set([
  'Property',
  'VariableDeclarator',
  'ReturnStatement',
  'ArrayExpression',
  'AssignmentExpression',
  'IfStatement',
  'WhileStatement',
  'ForStatement',
  'ForOfStatement',
  'TemplateLiteral',
]);

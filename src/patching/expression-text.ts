import type { TSESTree } from '@typescript-eslint/types';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { childrenOf, walkWithAncestors } from '../source/walk';
import { isMark, markedCallOf } from './placeholders';

const SEQUENCE = 0;
export const ASSIGNMENT = 1;
const CONDITIONAL = 2;
const NULLISH = 2.5;
export const UNARY = 14;
const CHAIN = 16;
export const CALL = 17;
const PRIMARY = 20;

const OPERATORS: Readonly<Record<string, number>> = {
  ...{ '??': NULLISH, '||': 3, '&&': 4, '|': 5, '^': 6, '&': 7 },
  ...{ '==': 8, '!=': 8, '===': 8, '!==': 8, '<': 9, '>': 9, '<=': 9, '>=': 9, in: 9, instanceof: 9 },
  ...{ '<<': 10, '>>': 10, '>>>': 10, '+': 11, '-': 11, '*': 12, '/': 12, '%': 12, '**': 13 },
};

/** Returns how tightly an expression holds together; parentheses are needed where its surroundings hold tighter. */
export function precedenceOf(node: Node): number {
  switch (node.type) {
    case 'SequenceExpression':
      return SEQUENCE;
    case 'AssignmentExpression':
    case 'ArrowFunctionExpression':
    case 'YieldExpression':
      return ASSIGNMENT;
    case 'ConditionalExpression':
      return CONDITIONAL;
    case 'LogicalExpression':
    case 'BinaryExpression':
      return OPERATORS[node.operator] ?? ASSIGNMENT;
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return 9;
    case 'UnaryExpression':
    case 'AwaitExpression':
    case 'TSTypeAssertion':
      return UNARY;
    case 'UpdateExpression':
      return 15;
    case 'ChainExpression':
      return CHAIN;
    case 'CallExpression':
    case 'MemberExpression':
    case 'NewExpression':
    case 'ImportExpression':
    case 'TaggedTemplateExpression':
    case 'TSNonNullExpression':
      return CALL;
    default:
      return PRIMARY;
  }
}

/** Returns how tightly the surroundings of a child hold together. */
export function slotOf(parent: Node, child: Node): number {
  switch (parent.type) {
    case 'LogicalExpression':
      if (parent.operator === '??') return 5;
      return precedenceOf(parent) + (child === parent.right ? 1 : 0);
    case 'BinaryExpression':
      if (parent.operator === '**') return child === parent.left ? 15 : 13;
      return precedenceOf(parent) + (child === parent.right ? 1 : 0);
    case 'ConditionalExpression':
      return child === parent.test ? NULLISH : ASSIGNMENT;
    case 'UnaryExpression':
    case 'AwaitExpression':
    case 'TSTypeAssertion':
      return UNARY;
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return 9;
    case 'MemberExpression':
      return child === parent.object ? CALL : SEQUENCE;
    case 'CallExpression':
      return child === parent.callee ? CALL : ASSIGNMENT;
    case 'NewExpression':
      return child === parent.callee ? PRIMARY : ASSIGNMENT;
    case 'TaggedTemplateExpression':
      return child === parent.tag ? CALL : ASSIGNMENT;
    case 'TSNonNullExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return CALL;
    case 'Decorator':
      return PRIMARY;
    case 'IfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'SwitchStatement':
    case 'TemplateLiteral':
    case 'JSXExpressionContainer':
      return SEQUENCE;
    default:
      return ASSIGNMENT;
  }
}

/** Returns true where a function that is read as a member would get its object as `this`, and would not before. */
export const isCalledIn = (parent: Node, child: Node): boolean =>
  (parent.type === 'CallExpression' && parent.callee === child) ||
  (parent.type === 'TaggedTemplateExpression' && parent.tag === child) ||
  (parent.type === 'UnaryExpression' && parent.operator === 'delete');

export const inParentheses = (text: string, precedence: number, slot: number): string =>
  precedence < slot ? `(${text})` : text;

/** Returns the range of an expression with the parentheses round it. */
export function outerRange(node: Node, text: string): [number, number] {
  const { extra } = node as { extra?: { parenthesized?: boolean; parenStart?: number } };
  let [start, end] = node.range;
  if (!extra?.parenthesized || extra.parenStart === undefined) return [start, end];
  const opened = withoutComments(text.slice(extra.parenStart, start)).split('(').length - 1;
  start = extra.parenStart;
  for (let n = 0; n < opened; n++)
    end += /^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*\)/.exec(text.slice(end))![0].length;
  return [start, end];
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

/** Matches the start of an expression that would be another thing at the start of a statement. */
const STARTS_OTHERWISE = /^(?:\{|function\b|class\b|async\s+function\b|let\s*\[)/;

/** Returns the text of an expression at the start of a statement, or of the body of an arrow function. */
export const atStart = (text: string): string => (STARTS_OTHERWISE.test(text) ? `(${text})` : text);

const IMPURE = new Set<string>([
  'CallExpression',
  'NewExpression',
  'ImportExpression',
  'AwaitExpression',
  'YieldExpression',
  'AssignmentExpression',
  'UpdateExpression',
  'TaggedTemplateExpression',
  'ClassExpression',
  'JSXElement',
  'JSXFragment',
]);

const purity = new WeakMap<Node, boolean>();

/** Returns true if the evaluation of an expression does nothing but to read. */
export function isPure(node: Node): boolean {
  const known = purity.get(node);
  if (known !== undefined) return known;
  const result = isFunction(node) || (isPureItself(node) && childrenOf(node).every(isPure));
  purity.set(node, result);
  return result;
}

/** Returns true if the evaluation of an expression does nothing but what its parts do. */
export const isPureItself = (node: Node): boolean =>
  !IMPURE.has(node.type) &&
  !isMark(node) &&
  !markedCallOf(node) &&
  !(node.type === 'UnaryExpression' && node.operator === 'delete');

/** Returns true if an expression has the same value at any time. */
export function isStatic(node: Node): boolean {
  if (isFunction(node)) return true;
  switch (node.type) {
    case 'Literal':
    case 'TemplateElement':
      return true;
    case 'TemplateLiteral':
    case 'ArrayExpression':
    case 'ObjectExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return staticParts(node).every((part) => part !== null && isStatic(part));
    case 'UnaryExpression':
      return node.operator !== 'delete' && isStatic(node.argument);
    case 'Property':
      return !node.computed && isStatic(node.value);
    default:
      return false;
  }
}

function staticParts(node: Node): readonly (Node | null)[] {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return [node.expression];
    case 'ArrayExpression':
      return node.elements;
    case 'ObjectExpression':
      return node.properties;
    case 'TemplateLiteral':
      return node.expressions;
    default:
      return [];
  }
}

/** Returns true if other code may run while an expression is evaluated. */
export const isInterrupted = (root: Node): boolean =>
  [...walkWithAncestors(root)].some(
    ({ node, ancestors }) =>
      (node.type === 'AwaitExpression' || node.type === 'YieldExpression') && !ancestors.some(isFunction),
  );

const COMPARISONS = new Set(['==', '!=', '===', '!==', '<', '>', '<=', '>=', 'in', 'instanceof']);

/** Returns true if an expression has no other values than true and false. */
export function isBoolean(node: Node): boolean {
  switch (node.type) {
    case 'BinaryExpression':
      return COMPARISONS.has(node.operator);
    case 'UnaryExpression':
      return node.operator === '!' || node.operator === 'delete';
    case 'LogicalExpression':
      return isBoolean(node.left) && isBoolean(node.right);
    case 'ConditionalExpression':
      return isBoolean(node.consequent) && isBoolean(node.alternate);
    case 'Literal':
      return typeof node.value === 'boolean';
    default:
      return false;
  }
}

/** Returns true if a part of a call or member after an optional link is not always evaluated. */
export function hasOptionalLink(node: Node): boolean {
  if (node.type === 'CallExpression') return node.optional || hasOptionalLink(node.callee);
  if (node.type === 'MemberExpression') return node.optional || hasOptionalLink(node.object);
  return node.type === 'TSNonNullExpression' && hasOptionalLink(node.expression);
}

/** Returns the expression within an assertion of a type. */
export const asserted = (node: Node): TSESTree.Expression | null =>
  node.type === 'TSAsExpression' ||
  node.type === 'TSSatisfiesExpression' ||
  node.type === 'TSNonNullExpression' ||
  node.type === 'TSTypeAssertion'
    ? node.expression
    : null;

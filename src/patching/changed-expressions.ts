import { calleeText } from '../source/expressions';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { walk } from '../source/walk';
import { type ModuleUnits, textOf, unitsOf } from './module-units';
import { chosen } from './choice';
import { replaceRead } from './old-copy';
import { applySplices } from './splices';
import { applyEdits } from './text-edits';
import { workflowCallIn } from './workflow-call';

/** Number of changed expressions up to which each is chosen where it stands. */
const MAX_CHANGED = 2;
/** Length of the text of a choice up to which it is put into the line. */
const MAX_LENGTH = 90;

/** An expression that was another one before a change, with the nodes around it, outermost first. */
interface ChangedExpression {
  now: Node;
  before: Node;
  ancestors: readonly Node[];
}

/**
 * Returns the text of a module in which each changed expression, such as an option or an argument, is chosen by `patched()`; null if
 * more has changed than short expressions within functions.
 */
export function chooseExpressions(
  text: { now: string; before: string },
  path: string,
  patchId: string,
): string | null {
  const [now, before] = [unitsOf(text.now, path), unitsOf(text.before, path)];
  if (!now || !before) return null;
  const changed = differences(now.module.program, before.module.program, { now, before, ancestors: [] });
  if (!changed || changed.length === 0 || changed.length > MAX_CHANGED) return null;
  const lines = text.now.split('\n');
  const { expression } = workflowCallIn(lines, path, 'patched', patchId);
  const splices = changed.map((one) => {
    const parent = one.ancestors.at(-1);
    const choice = chosen(expression, [textOf(now, one.now), textOf(before, one.before)], one.now, parent);
    return replaceRead(one.now, parent, choice);
  });
  if (splices.some((splice) => splice.text.length > MAX_LENGTH || splice.text.includes('\n'))) return null;
  if (!changed.every(({ ancestors }) => canAsk(ancestors))) return null;
  const edited = applySplices(text.now, splices).split('\n');
  return applyEdits(edited, workflowCallIn(edited, path, 'patched', patchId).edits);
}

interface Sides {
  now: ModuleUnits;
  before: ModuleUnits;
  ancestors: readonly Node[];
}

/** Returns the smallest expressions in which two nodes differ; null if they differ in more than expressions. */
function differences(now: Node, before: Node, sides: Sides): ChangedExpression[] | null {
  if (textOf(sides.now, now) === textOf(sides.before, before)) return [];
  const whole = (): ChangedExpression[] | null =>
    isChoosable(now, sides.ancestors.at(-1)) && isChoosable(before, sides.ancestors.at(-1), now)
      ? [{ now, before, ancestors: sides.ancestors }]
      : null;
  if (now.type !== before.type) return whole();
  const [own, old] = [partsOf(now), partsOf(before)];
  if (own.text !== old.text || own.nodes.length !== old.nodes.length) return whole();
  const inside: ChangedExpression[] = [];
  for (const [n, node] of own.nodes.entries()) {
    const found = differences(node, old.nodes[n]!, { ...sides, ancestors: [...sides.ancestors, now] });
    if (!found) return whole();
    inside.push(...found);
  }
  return inside.length === 0 ? whole() : inside;
}

const NO_PARTS = new Set(['type', 'start', 'end', 'loc', 'range', 'parent', 'extra', 'raw', 'shorthand']);

/** Returns the children of a node, and a text of all else that it is made of. */
function partsOf(node: Node): { nodes: Node[]; text: string } {
  const nodes: Node[] = [];
  const own: unknown[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (NO_PARTS.has(key) || /comments$/i.test(key)) continue;
    const values: unknown[] = Array.isArray(value) ? value : [value];
    for (const one of values)
      if (isNode(one)) nodes.push(one);
      else own.push(key, typeof one === 'object' && one !== null ? JSON.stringify(one) : String(one));
  }
  return { nodes, text: own.join(' ') };
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'range' in value;

const EXPRESSION =
  /^(Literal|TemplateLiteral|Identifier|MemberExpression|CallExpression|NewExpression|BinaryExpression|LogicalExpression|UnaryExpression|ConditionalExpression|ArrayExpression|ObjectExpression|ChainExpression|TSAsExpression)$/;

/** Returns true for an expression that another one can stand in for, at its place in `parent`. `place` is the node that stands there. */
function isChoosable(node: Node, parent: Node | undefined, place: Node = node): boolean {
  if (!EXPRESSION.test(node.type) || !parent) return false;
  const waits = [...walk(node)].some(({ type }) => type === 'AwaitExpression' || type === 'YieldExpression');
  return !waits && isValueIn(parent, place);
}

/** Returns true if a child of a node is a value that the code reads there. */
function isValueIn(parent: Node, child: Node): boolean {
  switch (parent.type) {
    case 'Property':
      return parent.value === child;
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee !== child;
    case 'VariableDeclarator':
      return parent.init === child;
    case 'AssignmentExpression':
      return parent.right === child;
    case 'ReturnStatement':
    case 'ArrayExpression':
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'ConditionalExpression':
    case 'UnaryExpression':
    case 'AwaitExpression':
      return true;
    case 'IfStatement':
    case 'WhileStatement':
    case 'ForStatement':
      return parent.test === child;
    case 'ForOfStatement':
      return parent.right === child;
    case 'MemberExpression':
      return parent.object === child;
    case 'TemplateLiteral':
      return child.type !== 'TemplateElement';
    case 'ArrowFunctionExpression':
      return parent.body === child;
    default:
      return false;
  }
}

/** Returns true within a function, unless it is the test of `condition`, which runs at other times than the code around it. */
function canAsk(ancestors: readonly Node[]): boolean {
  const index = ancestors.findLastIndex(isFunction);
  const call = ancestors[index - 1];
  const isTest = call?.type === 'CallExpression' && /(^|\.)condition$/.test(calleeText(call));
  return index !== -1 && !isTest;
}

import type { Node } from '@babel/types';

/** Positions in source code: lines from 1, columns from 1 (the parser counts columns from 0). */
export interface Position {
  line: number;
  column: number;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** The direct children of a node, in source order. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc' || key.endsWith('Comments') || key === 'tokens' || key === 'errors') continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(child)) children.push(child);
  }
  return children;
}

function contains({ loc }: Node, { line, column }: Position): boolean {
  if (!loc) return false;
  const { start, end } = loc;
  const afterStart = line > start.line || (line === start.line && column - 1 >= start.column);
  const beforeEnd = line < end.line || (line === end.line && column - 1 < end.column);
  return afterStart && beforeEnd;
}

/** The nodes round a position, outermost first. */
export function pathTo(root: Node, position: Position): Node[] {
  const path: Node[] = [];
  let node: Node | undefined = root;
  while (node) {
    path.push(node);
    node = childrenOf(node).find((child) => contains(child, position));
  }
  return path;
}

export function* walk(root: Node): Generator<Node> {
  yield root;
  for (const child of childrenOf(root)) yield* walk(child);
}

export const isFunction = (node: Node): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(
    node.type,
  );

/** The statements of a block, a program or a case; null for another node. */
export function statementsOf(node: Node): Node[] | null {
  if (node.type === 'BlockStatement' || node.type === 'Program') return node.body;
  if (node.type === 'SwitchCase') return node.consequent;
  return null;
}

/** The innermost statement that stands in a list of statements, with that list and its index. */
export function statementAt(
  root: Node,
  position: Position,
): { statement: Node; list: Node[]; index: number; path: Node[] } | null {
  const path = pathTo(root, position);
  for (let i = path.length - 2; i >= 0; i--) {
    const list = statementsOf(path[i]!);
    const index = list?.indexOf(path[i + 1]!) ?? -1;
    if (list && index !== -1) return { statement: path[i + 1]!, list, index, path: path.slice(i + 1) };
  }
  return null;
}

/** Whether code of the same function follows a statement when it is not left there. */
export function isFollowedByCode(root: Node, position: Position): boolean {
  const path = pathTo(root, position);
  for (let i = path.length - 2; i >= 0; i--) {
    if (isFunction(path[i + 1]!)) return false;
    const list = statementsOf(path[i]!);
    const index = list?.indexOf(path[i + 1]!) ?? -1;
    if (list && index !== -1 && index < list.length - 1) return true;
  }
  return false;
}

/** Where a function of that name is defined. */
export function functionNamed(root: Node, name: string): Position | null {
  for (const node of walk(root)) {
    const isDeclared = node.type === 'FunctionDeclaration' && node.id?.name === name;
    const isAssigned =
      node.type === 'VariableDeclarator' &&
      node.id.type === 'Identifier' &&
      node.id.name === name &&
      node.init;
    const at = isDeclared ? node.id!.loc : isAssigned ? node.id.loc : null;
    if (at) return { line: at.start.line, column: at.start.column + 1 };
  }
  return null;
}

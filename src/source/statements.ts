import { isFunction } from './functions';
import type { Node } from './parse';
import type { Position } from './place';
import { childrenOf } from './walk';

/** The parser counts columns from 0. */
function contains({ loc: { start, end } }: Node, { line, column }: Position): boolean {
  const afterStart = line > start.line || (line === start.line && column - 1 >= start.column);
  const beforeEnd = line < end.line || (line === end.line && column - 1 < end.column);
  return afterStart && beforeEnd;
}

/** Returns the nodes that contain a position, outermost first. */
export function pathTo(root: Node, position: Position): Node[] {
  const path: Node[] = [];
  let node: Node | undefined = root;
  while (node) {
    path.push(node);
    node = childrenOf(node).find((child) => contains(child, position));
  }
  return path;
}

/** Returns the statements of a block, a program or a case, or null for another node. */
export function statementsOf(node: Node): readonly Node[] | null {
  if (node.type === 'BlockStatement' || node.type === 'Program') return node.body;
  if (node.type === 'SwitchCase') return node.consequent;
  return null;
}

/** A statement of a list of statements. */
export interface ListedStatement {
  statement: Node;
  list: readonly Node[];
  index: number;
  /** The nodes from the statement down to the position that it was found for. */
  path: Node[];
}

/** Returns the innermost statement of a list that contains a position, or null if there is none. */
export function statementAt(root: Node, position: Position): ListedStatement | null {
  const path = pathTo(root, position);
  for (let i = path.length - 2; i >= 0; i--) {
    const list = statementsOf(path[i]!);
    const index = list?.indexOf(path[i + 1]!) ?? -1;
    if (list && index !== -1) return { statement: path[i + 1]!, list, index, path: path.slice(i + 1) };
  }
  return null;
}

/** Returns true if the function goes on after the statement at a position, unless that statement leaves it. */
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

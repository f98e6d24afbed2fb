import type { Node } from './parse';

/** A node with those around it, outermost first. */
export interface Visited {
  node: Node;
  ancestors: readonly Node[];
}

const NO_CHILDREN = new Set(['loc', 'range', 'parent', 'comments', 'tokens', 'errors']);

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Returns the direct children of a node, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  return Object.entries(node)
    .filter(([key]) => !NO_CHILDREN.has(key) && !key.endsWith('Comments'))
    .flatMap(([, value]) => [value as unknown].flat())
    .filter(isNode);
}

/** Yields a node and all below it, each before its children. */
export function* walkWithAncestors(root: Node): Generator<Visited> {
  const left: Visited[] = [{ node: root, ancestors: [] }];
  for (let visited = left.pop(); visited; visited = left.pop()) {
    yield visited;
    const ancestors = [...visited.ancestors, visited.node];
    for (const node of childrenOf(visited.node).reverse()) left.push({ node, ancestors });
  }
}

/** Yields a node and all below it, each before its children. */
export function* walk(root: Node): Generator<Node> {
  for (const { node } of walkWithAncestors(root)) yield node;
}

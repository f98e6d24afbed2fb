import type { TSESTree } from '@typescript-eslint/types';
import type { Variable } from 'eslint-scope';
import { scopesIn } from '../source/bindings';
import type { ParsedModule } from '../source/module-reader';
import type { Node } from '../source/parse';
import { type Visited, walkWithAncestors } from '../source/walk';

/** A place where code names a variable, a type or a label. */
export interface Mention extends Visited {
  node: TSESTree.Identifier | TSESTree.JSXIdentifier;
  /** The variable, if the scope manager knows it; types are none to it. */
  variable: Variable | null;
}

/** Returns where a module mentions a name, its declarations included. Keys of objects and of members are no mentions. */
export function mentionsOf(names: ReadonlySet<string>, module: ParsedModule): Mention[] {
  const variables = variablesByName(module);
  return [...walkWithAncestors(module.program)].flatMap((visited) => {
    const { node, ancestors } = visited;
    if (node.type !== 'Identifier' && node.type !== 'JSXIdentifier') return [];
    if (!names.has(node.name) || isKey(node, ancestors.at(-1))) return [];
    return [{ node, ancestors, variable: variables.get(node) ?? null }];
  });
}

/** Returns the variables of a module by the identifiers that declare, read and write them. */
function variablesByName(module: ParsedModule): Map<Node, Variable> {
  const found = new Map<Node, Variable>();
  for (const scope of scopesIn(module)) {
    for (const variable of scope.variables)
      for (const { name } of variable.defs) found.set(name as Node, variable);
    for (const { identifier, resolved } of scope.references)
      if (resolved) found.set(identifier as Node, resolved);
  }
  return found;
}

function isKey(node: Node, parent: Node | undefined): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.property === node && !parent.computed;
    case 'Property':
      return parent.key === node && !parent.computed;
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'TSPropertySignature':
    case 'TSMethodSignature':
      return parent.key === node && !parent.computed;
    case 'ImportSpecifier':
      return parent.imported === node;
    case 'ExportSpecifier':
      return parent.exported === node && parent.local !== parent.exported;
    default:
      return false;
  }
}

/** Returns the variable that a node declares. */
export const variableDeclaredBy = (definition: Node, module: ParsedModule): Variable | undefined =>
  scopesIn(module)
    .flatMap(({ variables }) => variables)
    .find(({ defs }) => defs.some(({ node }) => (node as Node) === definition));

/** Returns true if a range contains a node. */
export const isWithin = ({ range }: Node, [start, end]: readonly [number, number]): boolean =>
  start <= range[0] && range[1] <= end;

import { scopesIn } from './bindings';
import type { ParsedModule } from './module-reader';
import type { Node } from './parse';
import { type Visited, walkWithAncestors } from './walk';

/** Nodes of types: what they name is no value. */
const TYPES = new Set([
  'TSTypeAnnotation',
  'TSTypeReference',
  'TSTypeQuery',
  'TSTypeParameterInstantiation',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSExpressionWithTypeArguments',
]);

/** Returns where a module reads the values of names that it declares or imports at its top, each with the nodes around it. */
export function readsOf(names: ReadonlySet<string>, module: ParsedModule): Visited[] {
  const reads = new Set<Node>();
  for (const scope of scopesIn(module))
    for (const { identifier, resolved, init } of scope.references) {
      const isAtTop = resolved === null || ['module', 'global'].includes(resolved.scope.type);
      if (isAtTop && !init && names.has(identifier.name as string)) reads.add(identifier as Node);
    }
  return [...walkWithAncestors(module.program)].filter(
    ({ node, ancestors }) =>
      reads.has(node) && !ancestors.some(({ type }) => TYPES.has(type) || type === 'ExportSpecifier'),
  );
}

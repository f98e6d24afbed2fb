import type { TSESTree } from '@typescript-eslint/types';
import type { Node } from '../source/parse';
import { namesIn } from '../source/patterns';
import { readsOf } from '../source/references';
import { type ModuleUnits, type Unit, textOf } from './module-units';
import { propertyPattern } from './changed-units';
import { type Splice, applySplices } from './splices';

/** New names by the old ones. */
export type Names = ReadonlyMap<string, string>;

/**
 * Returns a declaration under new names, without its `export`. Values that it reads and that `values` has are read under their
 * new names, too.
 */
export function copyOf(unit: Unit, module: ModuleUnits, declared: Names, values: Names): string {
  const { declaration } = unit;
  return declaration.type === 'VariableDeclaration'
    ? declaration.declarations
        .flatMap((one) => declaratorCopy(one, module, declared, values) ?? [])
        .join('\n')
    : renamedText(declaration, module, values, idSplices(declaration, declared));
}

/** Returns the text of a node in which the values that it reads have new names. */
export function renamedText(
  node: Node,
  module: ModuleUnits,
  values: Names,
  more: readonly Splice[] = [],
): string {
  const [from, to] = node.range;
  const reads = readsOf(new Set(values.keys()), module.module).filter(
    ({ node: { range } }) => range[0] >= from && range[1] <= to,
  );
  const splices = [
    ...reads.map(({ node: read, ancestors }) =>
      replaceRead(read, ancestors.at(-1), values.get((read as TSESTree.Identifier).name)!),
    ),
    ...more,
  ];
  const shifted = splices.map(({ start, end, text }) => ({ start: start - from, end: end - from, text }));
  return applySplices(textOf(module, node), shifted);
}

/** Returns the splice that puts an expression in the place of a name. `{ name }` becomes `{ name: expression }`. */
export function replaceRead(read: Node, parent: Node | undefined, expression: string): Splice {
  const isShorthand = parent?.type === 'Property' && parent.shorthand;
  const [start, end] = read.range;
  return {
    start,
    end,
    text: isShorthand ? `${(read as TSESTree.Identifier).name}: ${expression}` : expression,
  };
}

function idSplices(declaration: Node, declared: Names): Splice[] {
  const id = 'id' in declaration ? (declaration.id as Node | null) : null;
  const name = id?.type === 'Identifier' ? declared.get(id.name) : undefined;
  return id && name !== undefined ? [{ start: id.range[0], end: id.range[1], text: name }] : [];
}

function declaratorCopy(
  { id, init }: TSESTree.VariableDeclarator,
  module: ModuleUnits,
  declared: Names,
  values: Names,
): string | null {
  const names = namesIn(id).filter((name) => declared.has(name));
  if (names.length === 0 || !init) return null;
  const value = renamedText(init, module, values);
  if (id.type === 'Identifier') {
    const annotation = id.typeAnnotation ? textOf(module, id.typeAnnotation) : '';
    return `const ${declared.get(id.name)}${annotation} = ${value};`;
  }
  if (id.type !== 'ObjectPattern') return null;
  const properties = id.properties.flatMap((property) => {
    const name = namesIn(propertyPattern(property))[0];
    const renamed = name === undefined ? undefined : declared.get(name);
    if (renamed === undefined || property.type !== 'Property' || property.computed) return [];
    return [`${textOf(module, property.key)}: ${renamed}`];
  });
  return `const { ${properties.join(', ')} } = ${value};`;
}

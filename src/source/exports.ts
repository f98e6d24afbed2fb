import type { TSESTree } from '@typescript-eslint/types';
import { nameOf } from './expressions';
import type { ParsedModule } from './module-reader';
import type { Node } from './parse';

/** An export of a module: an expression, or an export of another module under its name there. */
export type Export = { node: Node } | { specifier: string; name: string };

/** Returns the exports of a module under a name; more than one if the module re-exports whole modules. */
export function exportsOf(name: string, { program }: ParsedModule): Export[] {
  return program.body.flatMap((statement): Export[] => {
    switch (statement.type) {
      case 'ExportDefaultDeclaration':
        return name === 'default' ? [{ node: statement.declaration }] : [];
      case 'ExportAllDeclaration':
        return statement.exported ? [] : [{ specifier: statement.source.value, name }];
      case 'ExportNamedDeclaration':
        return namedExports(name, statement);
      case 'ExpressionStatement':
        return commonJsExports(name, statement.expression);
      default:
        return [];
    }
  });
}

function namedExports(name: string, statement: TSESTree.ExportNamedDeclaration): Export[] {
  const { declaration, source, specifiers } = statement;
  const declared = declaredIds(declaration).filter((id) => id.name === name);
  const specified = specifiers
    .filter(({ exported }) => nameOf(exported) === name)
    .map(({ local }) => (source ? { specifier: source.value, name: nameOf(local)! } : { node: local }));
  return [...declared.map((node) => ({ node })), ...specified];
}

function declaredIds(declaration: TSESTree.ExportNamedDeclaration['declaration']): TSESTree.Identifier[] {
  if (declaration === null) return [];
  if (declaration.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id] : []));
  return 'id' in declaration && declaration.id?.type === 'Identifier' ? [declaration.id] : [];
}

/** Reads `exports.name = …`, `module.exports.name = …` and `module.exports = { name: … }`. */
function commonJsExports(name: string, expression: Node): Export[] {
  if (expression.type !== 'AssignmentExpression' || expression.left.type !== 'MemberExpression') return [];
  const { left, right } = expression;
  const { object, property } = left;
  if (property.type !== 'Identifier') return [];
  if (isExportsObject(object)) return property.name === name ? [{ node: right }] : [];
  const isWhole = object.type === 'Identifier' && object.name === 'module' && property.name === 'exports';
  if (!isWhole) return [];
  if (name === 'default') return [{ node: right }];
  if (right.type !== 'ObjectExpression') return [];
  return right.properties.flatMap((member) =>
    member.type === 'Property' && member.key.type === 'Identifier' && member.key.name === name
      ? [{ node: member.value }]
      : [],
  );
}

/** Returns true for `exports` and `module.exports`. */
function isExportsObject(node: Node): boolean {
  if (node.type === 'Identifier') return node.name === 'exports';
  return (
    node.type === 'MemberExpression' &&
    node.property.type === 'Identifier' &&
    node.property.name === 'exports'
  );
}

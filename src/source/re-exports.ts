import { bindingsOf, requiredModule } from './bindings';
import { isFunction } from './functions';
import type { ParsedModule } from './module-reader';
import type { Node } from './parse';
import { walk, walkWithAncestors } from './walk';

/**
 * Returns the modules of which a module passes values on: by `export … from`, by an import whose name stands in an export, as in
 * `export { order }` and `export const order = traced(orderImpl)`, and by `require` in what CommonJS code exports.
 */
export function reExportedModules(module: ParsedModule): string[] {
  return [...new Set(module.program.body.flatMap((statement) => passedOnBy(statement, module)))];
}

function passedOnBy(statement: Node, module: ParsedModule): string[] {
  switch (statement.type) {
    case 'ExportAllDeclaration':
      return statement.exportKind === 'type' ? [] : [statement.source.value];
    case 'ExportNamedDeclaration':
      if (statement.exportKind === 'type') return [];
      if (statement.source) return [statement.source.value];
      return [
        ...statement.specifiers.flatMap(({ local, exportKind }) =>
          exportKind === 'type' ? [] : importedIn(local, module),
        ),
        ...(statement.declaration ? importedIn(statement.declaration, module) : []),
      ];
    case 'ExportDefaultDeclaration':
      return importedIn(statement.declaration, module);
    case 'TSExportAssignment':
      return importedIn(statement.expression, module);
    case 'ExpressionStatement':
      return namesExports(statement.expression) ? importedIn(statement.expression, module) : [];
    default:
      return [];
  }
}

/** Returns true for `module.exports = …`, `exports.name = …` and `Object.assign(exports, …)`. */
function namesExports(node: Node): boolean {
  const target = node.type === 'AssignmentExpression' ? node.left : node;
  return [...walk(target)].some((at) => at.type === 'Identifier' && at.name === 'exports');
}

const MAX_STEPS = 3;

/** Returns the modules that the names in a node come from. Functions run later, so what they use is not passed on. */
function importedIn(root: Node, module: ParsedModule, steps = 0): string[] {
  if (steps > MAX_STEPS) return [];
  return [...walkWithAncestors(root)].flatMap(({ node, ancestors }): string[] => {
    if ([...ancestors, node].some((at) => isFunction(at) || at.type === 'TSTypeAnnotation')) return [];
    const required = requiredModule(node);
    if (required !== null) return [required];
    if (node.type !== 'Identifier') return [];
    return bindingsOf(node.name, node, module).flatMap((binding) => {
      if (binding.kind === 'import') return [binding.specifier];
      const value = binding.kind === 'property' ? binding.of : binding.kind === 'value' ? binding.node : null;
      return value === null || value === node ? [] : importedIn(value, module, steps + 1);
    });
  });
}

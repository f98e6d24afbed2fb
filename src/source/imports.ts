import { requiredModule } from './bindings';
import { calleeText, stringOf } from './expressions';
import type { ParsedModule } from './module-reader';
import type { Node } from './parse';
import { walk } from './walk';

/** Returns the modules that a module loads, wherever in its code it does so. Imports of types load nothing. */
export const importedModules = ({ program }: ParsedModule): string[] => [
  ...new Set([...walk(program)].flatMap((node) => (loadsNothing(node) ? [] : (namedBy(node) ?? [])))),
];

/** Returns the modules that a module names: those that it loads, those of its types, and those that it only resolves. */
export const namedModules = ({ program }: ParsedModule): string[] => [
  ...new Set([...walk(program)].flatMap((node) => namedBy(node) ?? [])),
];

function namedBy(node: Node): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return node.source.value;
    case 'ExportNamedDeclaration':
      return node.source?.value ?? null;
    case 'TSExternalModuleReference':
      return node.expression.type === 'Literal' ? String(node.expression.value) : null;
    case 'CallExpression':
      return isResolve(node) && node.arguments[0] ? stringOf(node.arguments[0]) : requiredModule(node);
    case 'ImportExpression':
      return requiredModule(node);
    default:
      return null;
  }
}

/** Returns true for a node that names a module without loading it: an import or export of types, and `require.resolve`. */
function loadsNothing(node: Node): boolean {
  switch (node.type) {
    case 'ImportDeclaration':
      return (
        node.importKind === 'type' ||
        (node.specifiers.length > 0 &&
          node.specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type'))
      );
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.exportKind === 'type';
    case 'CallExpression':
      return isResolve(node);
    default:
      return false;
  }
}

const isResolve = (node: Node): boolean =>
  node.type === 'CallExpression' && calleeText(node) === 'require.resolve';

import { requiredModule } from './bindings';
import type { ParsedModule } from './module-reader';
import type { Node } from './parse';
import { walk } from './walk';

/** Returns the modules that a module loads, wherever in its code it does so. Imports of types load nothing. */
export const importedModules = ({ program }: ParsedModule): string[] => [
  ...new Set([...walk(program)].flatMap((node) => loadedBy(node) ?? [])),
];

function loadedBy(node: Node): string | null {
  switch (node.type) {
    case 'ImportDeclaration': {
      const isTypes =
        node.importKind === 'type' ||
        (node.specifiers.length > 0 &&
          node.specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type'));
      return isTypes ? null : node.source.value;
    }
    case 'ExportAllDeclaration':
      return node.exportKind === 'type' ? null : node.source.value;
    case 'ExportNamedDeclaration':
      return node.exportKind === 'type' ? null : (node.source?.value ?? null);
    case 'TSExternalModuleReference':
      return node.expression.type === 'Literal' ? String(node.expression.value) : null;
    case 'CallExpression':
    case 'ImportExpression':
      return requiredModule(node);
    default:
      return null;
  }
}

import type { TSESTree } from '@typescript-eslint/types';
import { bindingsOf } from './bindings';
import { calleeText, keyOf } from './expressions';
import type { ParsedModule } from './module-reader';
import type { Node } from './parse';

/**
 * Returns the function of Node that a call calls if it is one for paths, whatever name it was imported under: `join` and
 * the like of `node:path` and `node:url`, `require.resolve`, `import.meta.resolve`, `process.cwd`, and `toString` of any
 * object. Returns '' for another call.
 */
export function pathFunctionOf(node: TSESTree.CallExpression, module: ParsedModule): string {
  const { callee } = node;
  if (calleeText(node) === 'process.cwd') return 'process.cwd';
  if (callee.type === 'Identifier') return importedPathFunction(callee, module) ?? '';
  const key = callee.type === 'MemberExpression' ? keyOf(callee) : null;
  if (callee.type !== 'MemberExpression' || key === null) return '';
  if (key === 'toString') return key;
  if (callee.object.type === 'MetaProperty') return `import.meta.${key}`;
  if (key === 'resolve' && isRequire(callee.object, module)) return 'require.resolve';
  const isOfModule =
    callee.object.type === 'Identifier' && importedPathFunction(callee.object, module) !== null;
  return isOfModule ? key : '';
}

/** Returns the name that an identifier was imported under from `node:path` or `node:url`. */
function importedPathFunction(id: TSESTree.Identifier, module: ParsedModule): string | null {
  const binding = bindingsOf(id.name, id, module)[0];
  const isPathModule = binding?.kind === 'import' && /^(node:)?(path|url)(\/posix)?$/.test(binding.specifier);
  return isPathModule ? binding.name : null;
}

/** Returns true for `require`, a call of `createRequire`, and a name that one was assigned to. */
function isRequire(node: Node, module: ParsedModule): boolean {
  if (node.type === 'CallExpression') return /(^|\.)createRequire$/.test(calleeText(node));
  if (node.type !== 'Identifier') return false;
  const bindings = bindingsOf(node.name, node, module);
  if (bindings.length === 0) return node.name === 'require';
  return bindings.some((binding) => binding.kind === 'value' && isRequire(binding.node, module));
}

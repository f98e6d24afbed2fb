import { calleeText, memberText } from './expressions';
import { isFunction } from './functions';
import type { Node } from './parse';

/**
 * Returns the name of the innermost function on a path of nodes. One without a name goes by the call that it is handed to, with the
 * first argument if that is a name, as `setHandler(approve)`. Returns null for another one.
 */
export function functionNameOn(path: readonly Node[]): string | null {
  const index = path.findLastIndex(isFunction);
  const [definition, scope] = [path[index - 1], path[index]];
  if (!scope || !isFunction(scope)) return null;
  if (definition?.type === 'CallExpression') return scope.id?.name ?? callText(definition);
  const named =
    definition?.type === 'VariableDeclarator'
      ? definition.id
      : definition?.type === 'MethodDefinition' || definition?.type === 'Property'
        ? definition.key
        : scope.id;
  return named?.type === 'Identifier' ? named.name : null;
}

function callText(call: Extract<Node, { type: 'CallExpression' }>): string | null {
  const callee = calleeText(call);
  const [first] = call.arguments;
  const argument = first ? memberText(first) : '';
  return callee === '' ? null : argument === '' ? callee : `${callee}(${argument})`;
}

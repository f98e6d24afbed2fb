import { stringOf } from '../source/expressions';
import { type Node, parseSource } from '../source/parse';
import { walk } from '../source/walk';

/** A call of `patched()` in the source; lines and columns count from 1. */
export interface PatchedCall {
  id: string;
  line: number;
  column: number;
}

/** Returns the calls whose id is static: a literal, or a constant of the same file. */
export function patchedCallsIn(text: string, file: string): PatchedCall[] {
  const syntax = parseSource(text, file);
  if (!syntax) return [];
  const constants = constantsIn(syntax.program);
  return [...walk(syntax.program)].flatMap((node) => {
    if (node.type !== 'CallExpression' || nameOf(node.callee) !== 'patched') return [];
    const [argument] = node.arguments;
    const id =
      argument && (textOf(argument) ?? (argument.type === 'Identifier' && constants.get(argument.name)));
    const { start } = node.loc;
    return id ? [{ id, line: start.line, column: start.column + 1 }] : [];
  });
}

/** Returns `patched` for both `patched('…')` and `wf.patched('…')`. */
function nameOf(callee: Node): string | null {
  if (callee.type === 'Identifier') return callee.name;
  const isMember = callee.type === 'MemberExpression' && callee.property.type === 'Identifier';
  return isMember ? nameOf(callee.property) : null;
}

function constantsIn(program: Node): Map<string, string> {
  const constants = new Map<string, string>();
  for (const node of walk(program)) {
    const isNamed = node.type === 'VariableDeclarator' && node.id.type === 'Identifier';
    const value = isNamed && node.init ? textOf(node.init) : null;
    if (isNamed && value !== null) constants.set((node.id as { name: string }).name, value);
  }
  return constants;
}

function textOf(node: Node): string | null {
  if (node.type === 'TSAsExpression') return textOf(node.expression);
  return node.type === 'TemplateLiteral' && node.expressions.length === 0
    ? (node.quasis[0]?.value.cooked ?? null)
    : stringOf(node);
}

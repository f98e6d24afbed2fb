import type { TSESTree } from '@typescript-eslint/types';
import type { FunctionNode } from '../source/functions';
import type { Node } from '../source/parse';
import { type ModuleUnits, namesMentionedIn, textOf } from './module-units';
import type { Splice } from './splices';

/**
 * Returns the splices with which a function calls another one, with the same arguments, unless a condition holds. Returns null
 * for a function whose arguments cannot be passed on.
 */
export function guardSplices(
  fn: FunctionNode,
  before: FunctionNode,
  module: ModuleUnits,
  { condition, callee }: { condition: string; callee: string },
): Splice[] | null {
  const parameters = fn.params.map((parameter, n) => parameterOf(parameter, n, fn, module));
  if (parameters.includes(null)) return null;
  const known = parameters as Parameter[];
  const call = `${fn.generator ? 'yield* ' : ''}${callee}(${known.map(({ argument }) => argument).join(', ')})`;
  // The old function may take arguments that callers still pass.
  if (before.params.length > fn.params.length) return null;
  const splices = known.flatMap(({ splices: own }) => own);
  const taken = known.flatMap(({ taken: statement }) => statement ?? []);
  const { body } = fn;
  const [start, end] = body.range;
  if (body.type !== 'BlockStatement') {
    if (taken.length > 0) {
      const lines = [`if (!${condition}) return ${call};`, ...taken, `return ${textOf(module, body)};`];
      const indent = `${indentAt(fn, module)}  `;
      const block = `{\n${lines.map((line) => indent + line).join('\n')}\n${indentAt(fn, module)}}`;
      // Parentheses round an object would make an expression of the block.
      const [from, to] =
        module.text[start - 1] === '(' && module.text[end] === ')' ? [start - 1, end + 1] : [start, end];
      return [...splices, { start: from, end: to, text: block }];
    }
    const value = `${condition} ? ${textOf(module, body)} : ${call}`;
    const isWrapped = module.text[start - 1] === '(' && module.text[end] === ')';
    return [...splices, { start, end, text: isWrapped ? value : `(${value})` }];
  }
  const lines = [`if (!${condition}) return ${call};`, ...taken];
  const [first] = body.body;
  const isOnOneLine = body.loc.start.line === (first ?? body).loc.start.line && first !== undefined;
  const indent = first && !isOnOneLine ? indentAt(first, module) : `${indentAt(fn, module)}  `;
  const text = isOnOneLine ? ` ${lines.join(' ')}` : lines.map((line) => `\n${indent}${line}`).join('');
  return [...splices, { start: start + 1, end: start + 1, text }];
}

/** Returns the blanks with which the line of a node begins. */
const indentAt = ({ range }: Node, { text }: ModuleUnits): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', range[0] - 1) + 1))![0];

/** A parameter, and how its argument is passed on. */
interface Parameter {
  argument: string;
  splices: Splice[];
  /** The statement that takes a destructured argument apart. */
  taken: string | null;
}

function parameterOf(parameter: Node, n: number, fn: FunctionNode, module: ModuleUnits): Parameter | null {
  switch (parameter.type) {
    case 'Identifier':
      return { argument: parameter.name, splices: [], taken: null };
    case 'RestElement':
      return parameter.argument.type === 'Identifier'
        ? { argument: `...${parameter.argument.name}`, splices: [], taken: null }
        : null;
    case 'AssignmentPattern':
      return parameter.left.type === 'Identifier'
        ? { argument: parameter.left.name, splices: [], taken: null }
        : takenApart(parameter.left, n, fn, module);
    case 'ObjectPattern':
    case 'ArrayPattern':
      return takenApart(parameter, n, fn, module);
    default:
      return null;
  }
}

/** Gives a destructured parameter a name, and takes it apart in the body. */
function takenApart(
  pattern: TSESTree.DestructuringPattern,
  n: number,
  fn: FunctionNode,
  module: ModuleUnits,
): Parameter {
  const mentioned = namesMentionedIn(fn);
  const name = [n === 0 ? 'input' : 'options', `argument${n + 1}`, `parameter${n + 1}`].find(
    (candidate) => !mentioned.has(candidate),
  )!;
  const [start, fullEnd] = pattern.range;
  const annotation = 'typeAnnotation' in pattern ? pattern.typeAnnotation : undefined;
  const end = annotation ? annotation.range[0] : fullEnd;
  return {
    argument: name,
    splices: [{ start, end, text: name }],
    taken: `const ${module.text.slice(start, end).trimEnd()} = ${name};`,
  };
}

import type { TSESTree } from '@typescript-eslint/types';
import { type Node, parseSource } from '../source/parse';
import { walk } from '../source/walk';
import type { CopiedCode } from './worker-code';

/** Code in plain JavaScript, with the names that it uses. */
interface PlainCode {
  text: string;
  names: ReadonlySet<string>;
}

/** Returns copied code without its types and the imports of these, or null if it is more than JavaScript with types. */
export function copyWithoutTypes(copied: CopiedCode): CopiedCode | null {
  const statements = copied.statements.map(withoutTypes).filter((one) => one !== null);
  const expression = withoutTypes(`(${copied.expression})`);
  if (expression === null || statements.length < copied.statements.length) return null;
  const used = new Set([expression, ...statements].flatMap(({ names }) => [...names]));
  return {
    ...copied,
    imports: copied.imports.filter(({ local }) => used.has(local)),
    statements: statements.map(({ text }) => text),
    expression: expression.text.slice(1, -1),
  };
}

/**
 * Returns TypeScript code as JavaScript: without its types, and otherwise character by character as it is. Returns null for code that is
 * more than JavaScript with types, such as an enum or a parameter property.
 */
function withoutTypes(text: string): PlainCode | null {
  const syntax = parseSource(text, 'code.ts');
  if (syntax === null) return null;
  const nodes = [...walk(syntax.program as Node)];
  const types = nodes.flatMap((node) => typesOf(node, text));
  const isType = ({ range: [start, end] }: Node): boolean =>
    types.some(([from, to]) => from <= start && end <= to);
  if (nodes.some(isOfTypeScript)) return null;
  if (nodes.some((node) => node.type.startsWith('TS') && !KEPT.has(node.type) && !isType(node))) return null;
  const outermost = types.filter(
    ([from, to]) => !types.some(([a, b]) => a <= from && to <= b && b - a > to - from),
  );
  let plain = '';
  let at = 0;
  for (const [from, to] of outermost.sort(([a], [b]) => a - b)) {
    plain += text.slice(at, from);
    at = to;
  }
  const names = nodes.flatMap((node) => (node.type === 'Identifier' && !isType(node) ? [node.name] : []));
  return { text: plain + text.slice(at), names: new Set(names) };
}

/** Expressions that are left without their types. */
const KEPT = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);

/** Returns the parts of a node's text that are types. */
function typesOf(node: Node, text: string): [number, number][] {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return [[node.expression.range[1], node.range[1]]];
    case 'TSTypeAnnotation':
      // The type of a value begins with its colon, and that of an optional one with a question mark before it.
      return text[node.range[0]] === ':'
        ? [[text[node.range[0] - 1] === '?' ? node.range[0] - 1 : node.range[0], node.range[1]]]
        : [];
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return modifiersOf(node, text);
    case 'TSTypeParameterInstantiation':
    case 'TSTypeParameterDeclaration':
      return [[...node.range]];
    default:
      return [];
  }
}

/** Returns the words before the name of a class member that only TypeScript has. */
function modifiersOf(
  { range: [start], key }: TSESTree.MethodDefinition | TSESTree.PropertyDefinition,
  text: string,
) {
  const words = text
    .slice(start, key.range[0])
    .matchAll(/\b(override|public|private|protected|readonly)\s+/g);
  return [...words].map(({ index, 0: word }): [number, number] => [
    start + index,
    start + index + word.length,
  ]);
}

/** Returns true for a class or a member of it that JavaScript has no code for. */
const isOfTypeScript = (node: Node): boolean =>
  ('abstract' in node && node.abstract === true) ||
  ('declare' in node && node.declare === true) ||
  ('definite' in node && node.definite === true);

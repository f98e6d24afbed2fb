import { dirname, join } from 'node:path';
import type { TSESTree } from '@typescript-eslint/types';
import { nameOf } from '../source/expressions';
import { namedModules } from '../source/imports';
import { type Node, parseSource } from '../source/parse';
import { walk } from '../source/walk';
import { type ModuleUnits, textOf } from './module-units';
import type { Splice } from './splices';

type ReadText = (path: string) => string | null;

/**
 * Returns the splices with which the type of proxies has an activity under its old name too: none if the type has it already, as far
 * as the modules tell that it comes from.
 */
export function withMember(
  type: Node,
  { old, now }: { old: string; now: string },
  module: ModuleUnits,
  textOfFile: ReadText,
): Splice[] {
  if (isDeclared(old, module, textOfFile)) return [];
  const text = textOf(module, type);
  const [start, end] = type.range;
  if (type.type === 'TSTypeLiteral') {
    const member = type.members.find((one) => 'key' in one && nameOf(one.key) === now);
    if (!member || !('key' in member)) return [];
    const [from, to] = member.range;
    const [keyFrom, keyTo] = member.key.range;
    const copy = `${module.text.slice(from, keyFrom)}${old}${module.text.slice(keyTo, to)}`;
    const indent = /[ \t]*$/.exec(module.text.slice(0, from))![0];
    const isOnOwnLine = /\n[ \t]*$/.test(module.text.slice(0, from));
    const isEnded = /[;,]$/.test(copy);
    return [{ start: to, end: to, text: `${isEnded ? '' : ';'}${isOnOwnLine ? `\n${indent}` : ' '}${copy}` }];
  }
  const isPlain = type.type === 'TSTypeReference';
  const needsParentheses = !isPlain && type.type !== 'TSTypeQuery' && type.type !== 'TSIntersectionType';
  // Insertions leave room for those of other activities.
  const member = `{ ${old}: ${isPlain ? text : `(${text})`}['${now}'] }`;
  return [
    ...(needsParentheses ? [{ start, end: start, text: '(' }] : []),
    { start: end, end, text: `${needsParentheses ? ')' : ''} & ${member}` },
  ];
}

/** Number of modules between a proxy and the activities that are looked at. */
const MAX_MODULES = 40;

/** Returns true if a module, or one that it leads to by relative paths, declares a name. */
function isDeclared(name: string, { module }: ModuleUnits, textOfFile: ReadText): boolean {
  const seen = new Set([module.path]);
  // The set grows while it is walked.
  for (const path of seen) {
    const text = textOfFile(path);
    const program = text === null ? null : parseSource(text, path)?.program;
    if (!program) continue;
    if (text!.includes(name) && declares(program, name)) return true;
    for (const specifier of namedModules({ path, program })) {
      const file = specifier.startsWith('.') ? fileOf(join(dirname(path), specifier), textOfFile) : null;
      if (file && seen.size < MAX_MODULES) seen.add(file);
    }
  }
  return false;
}

const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '/index.ts', '/index.js'];

const fileOf = (path: string, textOfFile: ReadText): string | null =>
  [path.replace(/\.([cm]?)js$/, '.$1ts'), ...ENDINGS.map((ending) => path + ending)].find(
    (file) => /\.[cm]?[jt]sx?$/.test(file) && textOfFile(file) !== null,
  ) ?? null;

/** Returns true if a module declares a function, method, member or value of a name that its type could have. */
const declares = (program: TSESTree.Program, name: string): boolean =>
  [...walk(program)].some((node) => {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'VariableDeclarator':
        return node.id?.type === 'Identifier' && node.id.name === name;
      case 'MethodDefinition':
      case 'PropertyDefinition':
      case 'Property':
      case 'TSMethodSignature':
      case 'TSPropertySignature':
        return !node.computed && nameOf(node.key) === name;
      case 'ExportSpecifier':
        return nameOf(node.exported) === name;
      default:
        return false;
    }
  });

import { readFileSync } from 'node:fs';
import { parse, type ParserPlugin } from '@babel/parser';
import type * as t from '@babel/types';

/** A source file and its syntax tree. */
export interface ParsedModule {
  /** Absolute. */
  path: string;
  program: t.Program;
}

/** An expression, the module that it stands in, and the calls that led there. */
export interface Located {
  node: t.Node;
  module: ParsedModule;
  called?: Called | undefined;
}

/** The call that a function's parameters are taken from, and the calls around that. */
export interface Called {
  fn: t.Function;
  by: Located & { node: t.CallExpression };
  outer: Called | undefined;
}

/** Reads and parses modules, each once. */
export type ModuleReader = (path: string) => ParsedModule | null;

export function createModuleReader(): ModuleReader {
  const known = new Map<string, ParsedModule | null>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const module = parseFile(path);
    known.set(path, module);
    return module;
  };
}

/** Longer than what a person writes by hand. */
const MAX_LENGTH = 500_000;

/** Null for a file that can't be read or parsed, or that was generated: it says nothing. */
function parseFile(path: string): ParsedModule | null {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > MAX_LENGTH) return null;
    const { program } = parse(text, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowAwaitOutsideFunction: true,
      allowReturnOutsideFunction: true,
      plugins: pluginsFor(path),
    });
    return { path, program };
  } catch {
    return null;
  }
}

const pluginsFor = (path: string): ParserPlugin[] => [
  ...(/\.[cm]?ts$/.test(path) ? (['typescript'] as const) : []),
  ...(path.endsWith('.tsx') ? (['typescript', 'jsx'] as const) : []),
  ...(/\.[cm]?jsx?$/.test(path) ? (['jsx'] as const) : []),
  'decorators-legacy',
];

export const lineOf = (node: t.Node): number => node.loc?.start.line ?? 1;

/** The nodes right below a node, in the order of the source. */
export function childrenOf(node: t.Node): t.Node[] {
  const children: t.Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc' || key === 'extra' || key.endsWith('Comments')) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) children.push(child);
  }
  return children;
}

const isNode = (value: unknown): value is t.Node =>
  typeof value === 'object' && value !== null && typeof (value as t.Node).type === 'string';

/** Calls `visit` for a node and all below it, with the nodes around it, outermost first. */
export function walk(
  node: t.Node,
  visit: (node: t.Node, around: readonly t.Node[]) => void,
  around: readonly t.Node[] = [],
): void {
  visit(node, around);
  const inner = [...around, node];
  for (const child of childrenOf(node)) walk(child, visit, inner);
}

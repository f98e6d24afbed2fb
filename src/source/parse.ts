import { type ParserPlugin, parse } from '@babel/parser';
import type { TSESTree } from '@typescript-eslint/types';

export type Node = TSESTree.Node;

/** A syntax tree, in the form of ESTree with the nodes of TypeScript. */
export interface Syntax {
  program: TSESTree.Program;
  /** Messages about invalid code that the parser could pass over; empty for valid code. */
  errors: readonly string[];
}

/** Parses a module. Its file name decides between JavaScript and TypeScript. Returns null if it cannot be parsed at all. */
export function parseSource(text: string, file: string): Syntax | null {
  try {
    const { program, errors } = parse(text, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowAwaitOutsideFunction: true,
      allowReturnOutsideFunction: true,
      ranges: true,
      plugins: [...languageOf(file), 'decorators-legacy', ['estree', { classFeatures: true }]],
    });
    return {
      program: program as unknown as TSESTree.Program,
      errors: (errors ?? []).map((error) => `${error.code}: ${error.reasonCode}`),
    };
  } catch {
    return null;
  }
}

function languageOf(file: string): ParserPlugin[] {
  if (/\.[cm]?ts$/.test(file)) return ['typescript'];
  return file.endsWith('.tsx') ? ['typescript', 'jsx'] : ['jsx'];
}

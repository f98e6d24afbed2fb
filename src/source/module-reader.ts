import type { TSESTree } from '@typescript-eslint/types';
import { readTextFile } from '../util/read-text-file';
import { type Node, parseSource } from './parse';

/** A source file and its syntax tree. */
export interface ParsedModule {
  /** Absolute path. */
  path: string;
  program: TSESTree.Program;
}

/** Reads a module. Returns null if the file cannot be read or parsed, or is too long to be written by hand. */
export type ModuleReader = (path: string) => ParsedModule | null;

const MAX_LENGTH = 500_000;

/** Returns a reader that reads and parses each module once. */
export function createModuleReader(): ModuleReader {
  const known = new Map<string, ParsedModule | null>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const module = readModule(path);
    known.set(path, module);
    return module;
  };
}

function readModule(path: string): ParsedModule | null {
  const text = readTextFile(path);
  if (text === null || text.length > MAX_LENGTH) return null;
  const syntax = parseSource(text, path);
  return syntax && { path, program: syntax.program };
}

export const lineOf = (node: Node): number => node.loc.start.line;

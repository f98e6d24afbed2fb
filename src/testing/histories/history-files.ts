import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { decodeHistories } from '../../history/decode';
import { findHistoryFiles } from '../../history/load';
import { identityOf } from '../../temporal/identity';

export interface HistoryFiles {
  /** Workflow type; the path of a file if that is not known. */
  name: string;
  /** Absolute paths. */
  files: string[];
}

/** Returns the history files that paths (files, directories, globs) name: absolute, sorted, none twice. */
export const historyFilesIn = (paths: readonly string[], cwd: string): string[] =>
  [...new Set(paths.flatMap((path) => findHistoryFiles(path, cwd)))].sort();

/** Groups files by their workflow type, sorted by name. */
export function byWorkflowType(files: readonly string[], cwd: string): HistoryFiles[] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const name = workflowTypeOf(file) ?? relative(cwd, file);
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return [...groups]
    .map(([name, members]) => ({ name, files: members }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Finds the type at the start of files that the Temporal CLI and this tool write, which need not be decoded then. */
const TYPE_AT_START = /"workflowType"\s*:\s*\{\s*"name"\s*:\s*("(?:[^"\\]|\\.)*")/;
const START_CHARACTERS = 4_000;

/** Returns null if a file cannot be read, or holds no history, or several of different types. */
function workflowTypeOf(file: string): string | null {
  const bytes = readIfPossible(file);
  if (bytes === null) return null;
  if (bytes[0] === '{'.charCodeAt(0)) {
    const match = TYPE_AT_START.exec(bytes.toString('utf8', 0, START_CHARACTERS));
    if (match) return JSON.parse(match[1]!) as string;
  }
  const types = new Set<string | null>();
  for (const decoded of decodeHistories({ file, bytes }))
    types.add(decoded.history ? identityOf(decoded.history, decoded).workflowType : null);
  const [type] = types;
  return types.size === 1 && type ? type : null;
}

/** Returns null for a file that cannot be read, such as a broken link: its replay reports that. */
function readIfPossible(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

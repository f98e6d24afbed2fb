import { readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { decodeHistories } from '../../history/decode';
import { identityOf } from '../../temporal/identity';

const IN_DIRECTORY = '**/*.{json,jsonl,ndjson,binpb,pb,bin,proto,gz}';

export interface HistoryFiles {
  /** Workflow type, or the path of a file of which that is not known. */
  name: string;
  /** Absolute paths. */
  files: string[];
}

/** The history files that paths (files, directories, globs) name; absolute, sorted, none twice. At once: tests are registered so. */
export function historyFilesIn(paths: readonly string[], cwd: string): string[] {
  const found = paths.flatMap((path) => {
    const absolute = resolve(cwd, path);
    const stats = statSync(absolute, { throwIfNoEntry: false });
    if (stats?.isFile()) return [absolute];
    const pattern = stats?.isDirectory() ? IN_DIRECTORY : path;
    const ignore = ['**/node_modules/**'];
    return globSync(pattern, { cwd: stats ? absolute : cwd, absolute: true, ignore }).map((file) =>
      resolve(file),
    );
  });
  return [...new Set(found)].sort();
}

/** Files by their workflow type, sorted by name. */
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

/** In files as the Temporal CLI and this tool write them it stands at the start: no need to decode them. */
const TYPE_AT_START = /"workflowType"\s*:\s*\{\s*"name"\s*:\s*("(?:[^"\\]|\\.)*")/;
const START_CHARACTERS = 4_000;

/** Null where a file holds no history that can be read, or several of different types. */
function workflowTypeOf(file: string): string | null {
  const bytes = readFileSync(file);
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

import type { TypeInputs } from '../../bundle/type-inputs';
import type { KnownHistory } from './known-histories';

/** The code of a project, as it was bundled. */
export interface WatchedCode {
  /** Absolute paths of the files in the bundle, and of those that a failed build did not find. */
  inputs: ReadonlySet<string>;
  /** Absolute paths of the files that its worker is made from. */
  workerFiles: ReadonlySet<string>;
  /** The workflow types of the bundle; null if it could not be built. */
  workflowTypes: readonly string[] | null;
  /** Workflow types that each input affects. */
  typeInputs: TypeInputs;
}

/** The code of a project in the previous round and in this one. */
export interface CodeChange {
  before: WatchedCode;
  after: WatchedCode;
}

/** The changes since the previous round. */
export interface Change {
  /** Absolute paths of the files that changed. */
  paths: ReadonlySet<string>;
  code: readonly CodeChange[];
  /** History files to replay in any case. */
  due: ReadonlySet<string>;
}

/**
 * Returns the history files to replay after a change: the files that changed, and those with a workflow type whose code
 * changed. Files that failed in their last replay come first, since their results matter most to the user.
 *
 * @param files absolute paths of all history files, by their names in reports
 * @param knownOf returns the histories of a file; undefined for a file that was never replayed
 */
export function affectedHistories(
  files: ReadonlyMap<string, string>,
  knownOf: (file: string) => readonly KnownHistory[] | undefined,
  { paths, code, due }: Change,
): string[] {
  const changed = code.filter((project) => isTouched(project, paths));
  const chosen = [...files.keys()].filter((file) => {
    const isAffectedByCode = ({ workflowType }: KnownHistory): boolean =>
      changed.some((project) => isAffected(workflowType, project, paths) || !isBundled(workflowType, code));
    const known = knownOf(file);
    return !known || due.has(file) || paths.has(files.get(file)!) || known.some(isAffectedByCode);
  });
  const rank = (file: string): number => (knownOf(file)?.some(({ failed }) => failed) ? 0 : 1);
  return chosen.sort((a, b) => rank(a) - rank(b));
}

/** Returns true if a file of the project's code, or of its worker, changed. */
export const isTouched = ({ before, after }: CodeChange, paths: ReadonlySet<string>): boolean =>
  [before, after].some((code) => isWorkerTouched(code, paths) || hasAny(code.inputs, paths));

/** Returns true if a file that the project's worker is made from changed. */
const isWorkerTouched = ({ workerFiles }: WatchedCode, paths: ReadonlySet<string>): boolean =>
  hasAny(workerFiles, paths);

const hasAny = (files: ReadonlySet<string>, paths: ReadonlySet<string>): boolean =>
  [...paths].some((path) => files.has(path));

/** Returns true if a bundle has the type. A project's default export may run any other type. */
const isBundled = (type: string | null, code: readonly CodeChange[]): boolean =>
  code.some(({ before, after }) => hasType(before, type) || hasType(after, type));

const hasType = ({ workflowTypes }: WatchedCode, type: string | null): boolean =>
  type !== null && (workflowTypes?.includes(type) ?? false);

/** Returns true if a change of the project may change the replay of histories of this type. */
function isAffected(type: string | null, { before, after }: CodeChange, paths: ReadonlySet<string>): boolean {
  if (type === null || before.workflowTypes === null || after.workflowTypes === null) return true;
  if (hasType(before, type) !== hasType(after, type)) return true;
  if (!hasType(after, type)) return false;
  if (isWorkerTouched(before, paths) || isWorkerTouched(after, paths)) return true;
  // The effects of loading a module reach every workflow type.
  if (before.typeInputs.loadOrder !== after.typeInputs.loadOrder) return true;
  if ([...paths].some((path) => countsFor(path, type, before) || countsFor(path, type, after))) return true;
  return sharedInputsOf(type, before) !== sharedInputsOf(type, after);
}

/** Returns true if a file is part of the code of a workflow type. */
const countsFor = (path: string, type: string, { inputs, typeInputs }: WatchedCode): boolean =>
  inputs.has(path) && (typeInputs.types[path]?.includes(type) ?? true);

/** Returns the files that count for some types only, this one included. They differ if an export moves to another file. */
const sharedInputsOf = (type: string, { typeInputs }: WatchedCode): string =>
  JSON.stringify(
    Object.keys(typeInputs.types)
      .filter((path) => typeInputs.types[path]!.includes(type))
      .sort(),
  );

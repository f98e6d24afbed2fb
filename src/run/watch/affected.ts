import type { TypeInputs } from '../../bundle/type-inputs';
import type { KnownHistory } from './known-histories';

/** A project's code, as it was bundled. */
export interface WatchedCode {
  /** Absolute paths, also those that were looked for in vain. */
  inputs: ReadonlySet<string>;
  /** Null where it could not be bundled. */
  workflowTypes: readonly string[] | null;
  typeInputs: TypeInputs;
}

/** A project's code in the last round and in this one. */
export interface CodeChange {
  before: WatchedCode;
  after: WatchedCode;
}

export interface Change {
  /** Absolute paths of the files that changed. */
  paths: ReadonlySet<string>;
  code: readonly CodeChange[];
  /** Histories that are due in any case. */
  due: ReadonlySet<string>;
}

/**
 * The history files to replay after a change: those that changed, and those with a workflow type whose code did. What failed
 * last comes first, since that is what somebody is waiting for.
 *
 * @param files all that there are now, by the name that reports have them under, with their absolute paths
 * @param knownOf the histories of a file; undefined for one that was never replayed
 */
export function affectedHistories(
  files: ReadonlyMap<string, string>,
  knownOf: (file: string) => readonly KnownHistory[] | undefined,
  { paths, code, due }: Change,
): string[] {
  const changed = code.filter((project) => isTouched(project, paths));
  const chosen = [...files.keys()].filter((file) => {
    const isOfChangedCode = ({ workflowType }: KnownHistory): boolean =>
      changed.some((project) => isAffected(workflowType, project, paths) || !isOfAny(workflowType, code));
    const known = knownOf(file);
    return !known || due.has(file) || paths.has(files.get(file)!) || known.some(isOfChangedCode);
  });
  const rank = (file: string): number => (knownOf(file)?.some(({ failed }) => failed) ? 0 : 1);
  return chosen.sort((a, b) => rank(a) - rank(b));
}

/** Whether files changed that a project's code was made of. */
export const isTouched = ({ before, after }: CodeChange, paths: ReadonlySet<string>): boolean =>
  [...paths].some((path) => before.inputs.has(path) || after.inputs.has(path));

/** A type that no code has may be one that a project's default export runs. */
const isOfAny = (type: string | null, code: readonly CodeChange[]): boolean =>
  code.some(({ before, after }) => hasType(before, type) || hasType(after, type));

const hasType = ({ workflowTypes }: WatchedCode, type: string | null): boolean =>
  type !== null && (workflowTypes?.includes(type) ?? false);

/** Whether a project that was touched may do otherwise with histories of a type than before. */
function isAffected(type: string | null, { before, after }: CodeChange, paths: ReadonlySet<string>): boolean {
  if (type === null || before.workflowTypes === null || after.workflowTypes === null) return true;
  if (hasType(before, type) !== hasType(after, type)) return true;
  if (!hasType(after, type)) return false;
  // What loads with an effect does so in every workflow.
  if (before.typeInputs.loadOrder !== after.typeInputs.loadOrder) return true;
  if ([...paths].some((path) => countsFor(path, type, before) || countsFor(path, type, after))) return true;
  return inputsOnlyOfSome(type, before) !== inputsOnlyOfSome(type, after);
}

const countsFor = (path: string, type: string, { inputs, typeInputs }: WatchedCode): boolean =>
  inputs.has(path) && (typeInputs.types[path]?.includes(type) ?? true);

/** Other files count for it now where what was exported from one file is exported from another. */
const inputsOnlyOfSome = (type: string, { typeInputs }: WatchedCode): string =>
  JSON.stringify(
    Object.keys(typeInputs.types)
      .filter((path) => typeInputs.types[path]!.includes(type))
      .sort(),
  );

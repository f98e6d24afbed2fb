/** What is known of a history from the last time it was replayed. */
export interface KnownHistory {
  file: string;
  workflowType: string | null;
  failed: boolean;
}

export interface WatchedCode {
  inputs: ReadonlySet<string>;
  workflowTypes: readonly string[] | null;
}

export interface Change {
  /** Absolute paths. */
  paths: ReadonlySet<string>;
}

/**
 * The histories to replay after a change: a history file that changed, and all histories of the code that changed; what
 * failed last comes first, since that is what somebody is waiting for.
 *
 * @param files all histories that there are now, by the name that reports have them under, with their absolute paths
 */
export function affectedHistories(
  files: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, KnownHistory>,
  code: readonly WatchedCode[],
  { paths }: Change,
): string[] {
  const changed = code.filter(({ inputs }) => [...paths].some((path) => inputs.has(path)));
  const isOfChangedCode = ({ workflowType }: KnownHistory): boolean =>
    changed.some(
      ({ workflowTypes }) =>
        workflowTypes === null ||
        workflowType === null ||
        workflowTypes.includes(workflowType) ||
        // It may be one that the code has only now, or had until now.
        !code.some((other) => other.workflowTypes?.includes(workflowType)),
    );
  const chosen = [...files].filter(([file, path]) => {
    const history = known.get(file);
    return history === undefined || paths.has(path) || isOfChangedCode(history);
  });
  const failed = (file: string): number => (known.get(file)?.failed ? 0 : 1);
  return chosen.map(([file]) => file).sort((a, b) => failed(a) - failed(b));
}

import type { FailureGroup } from '../../model/diagnosis';
import type { HistoryResult } from '../../model/verdict';

/** Returns the results that a group shows as its examples, in the same order. */
export const exampleResults = <R extends HistoryResult>(
  { examples, results: indexes }: FailureGroup,
  results: readonly R[],
): R[] =>
  examples.flatMap(
    ({ file, workflowId, runId }) =>
      indexes
        .map((index) => results[index]!)
        .find(
          (result) => result.file === file && result.workflowId === workflowId && result.runId === runId,
        ) ?? [],
  );

/**
 * Returns the examples that have an error if their messages differ, as those of files that are damaged in different places do;
 * else an empty array.
 */
export function differingErrors<R extends HistoryResult>(group: FailureGroup, results: readonly R[]): R[] {
  const examples = exampleResults(group, results).filter(({ error }) => error !== undefined);
  return new Set(examples.map(({ error }) => error!.message)).size > 1 ? examples : [];
}

import type { FailureGroup } from '../../model/diagnosis';
import type { HistoryResult } from '../../model/verdict';
import { exampleResults } from './group-examples';

/** Returns the line that names the command which prints the page of an error code. */
export const errorPageText = (code: string): string => `More: replay explain ${code}`;

/** Returns the error codes of the examples of a group, each once. */
export const errorCodesOf = (group: FailureGroup, results: readonly HistoryResult[]): string[] => [
  ...new Set(exampleResults(group, results).flatMap(({ error }) => error?.code ?? [])),
];

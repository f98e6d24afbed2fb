import { relative, resolve, sep } from 'node:path';
import { isFilePath } from '../../model/history';
import type { HistoryResult } from '../../model/verdict';

/** Identity of a history across runs: its workflow id and run id if it has both, else its file. */
export interface HistoryIdentity {
  workflowId: string | null;
  runId: string | null;
  file: string | null;
}

/**
 * Returns the identity of the history of a result.
 *
 * @param directories `cwd`: the directory that the result's file is relative to; `base`: the directory that the identity's file is
 * to be relative to
 */
export function historyIdentity(
  { workflowId, runId, file }: HistoryResult,
  { cwd, base }: { cwd: string; base: string },
): HistoryIdentity {
  if (workflowId !== null && runId !== null) return { workflowId, runId, file: null };
  const shown = isFilePath(file) ? relative(base, resolve(cwd, file)).split(sep).join('/') : file;
  return { workflowId, runId, file: shown };
}

/** Returns a key that two identities share only if they are of the same history. */
export const historyKey = ({ workflowId, runId, file }: HistoryIdentity): string =>
  JSON.stringify(file === null ? [workflowId, runId] : [file]);

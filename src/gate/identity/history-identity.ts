import { createHash } from 'node:crypto';
import { relative, resolve, sep } from 'node:path';
import type { DiagnosedResult } from '../../model/report';
import type { HistoryResult } from '../../model/verdict';

/**
 * The cause of a failure, the same from run to run. Without a diagnosis it is made of what the verdict says.
 *
 * @returns 16 hex digits
 */
export function fingerprintOf(result: DiagnosedResult): string {
  if (result.diagnosis) return result.diagnosis.fingerprint;
  const { verdict, workflowType, error, divergence, drift } = result;
  const cause = [
    verdict,
    workflowType,
    error?.code ?? null,
    divergence?.recorded ?? null,
    divergence?.produced ?? null,
    [...new Set(drift.map(({ path }) => path))].sort(),
  ];
  return createHash('sha256').update(JSON.stringify(cause)).digest('hex').slice(0, 16);
}

/** What a history is known by across runs: its ids where it has both, else its file. */
export interface HistoryName {
  workflowId: string | null;
  runId: string | null;
  file: string | null;
}

/**
 * @param directories `cwd`: what the result's file is relative to; `base`: what the file of the name is to be relative to
 */
export function historyNameOf(
  { workflowId, runId, file }: HistoryResult,
  { cwd, base }: { cwd: string; base: string },
): HistoryName {
  if (workflowId !== null && runId !== null) return { workflowId, runId, file: null };
  const shown = NO_PATH.test(file) ? file : relative(base, resolve(cwd, file)).split(sep).join('/');
  return { workflowId, runId, file: shown };
}

/** Standard input, a cluster's run, a history from memory. */
const NO_PATH = /^(?:-$|temporal:|memory:)/;

/** Equal for the same history, and for no other. */
export const keyOfName = ({ workflowId, runId, file }: HistoryName): string =>
  JSON.stringify(file === null ? [workflowId, runId] : [file]);

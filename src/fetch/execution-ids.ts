import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { TemporalReplayError } from '../errors';
import type { ExecutionSelection } from '../options/types';

const RUN_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Pairs the values of `--workflow-id` and `--run-id`: one run id for each workflow id, in the same order; or any number of run ids
 * of a single workflow id; or no run ids, for the latest runs.
 *
 * @throws USAGE
 */
export function pairIds(workflowIds: readonly string[], runIds: readonly string[]): ExecutionSelection[] {
  if (runIds.length === 0) return workflowIds.map((workflowId) => ({ workflowId }));
  const [only] = workflowIds;
  if (workflowIds.length === 1 && only !== undefined)
    return runIds.map((runId) => ({ workflowId: only, runId }));
  if (workflowIds.length === runIds.length)
    return workflowIds.map((workflowId, i) => ({ workflowId, runId: runIds[i]! }));
  throw new TemporalReplayError(
    'USAGE',
    `${runIds.length} --run-id do not match ${workflowIds.length} --workflow-id.`,
    {
      hint: 'Give one run id for each workflow id, or none, or a single workflow id.',
    },
  );
}

/** Reads executions from a stream, one a line as in {@link parseIdLine}. Blank lines are skipped. @throws ABORTED */
export async function readIds(input: Readable, signal?: AbortSignal): Promise<ExecutionSelection[]> {
  const executions: ExecutionSelection[] = [];
  const lines = createInterface({ input, crlfDelay: Infinity });
  const onAbort = () => {
    // The lines of a destroyed stream would never end.
    lines.close();
    input.destroy();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const line of lines) {
      if (line.trim() !== '') executions.push(parseIdLine(line));
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  if (signal?.aborted) throw new TemporalReplayError('ABORTED', 'Stopped.');
  return executions;
}

/**
 * Parses `workflowId`, `workflowId<tab>runId` or `workflowId runId`. A workflow id may contain spaces, so without a tab the last
 * word is a run id only if it is a UUID.
 */
export function parseIdLine(line: string): ExecutionSelection {
  const tab = line.indexOf('\t');
  if (tab >= 0) {
    const runId = line.slice(tab + 1).trim();
    const workflowId = line.slice(0, tab);
    return runId === '' ? { workflowId } : { workflowId, runId };
  }
  const text = line.trim();
  const match = /^(.*\S)\s+(\S+)$/.exec(text);
  return match !== null && RUN_ID.test(match[2]!)
    ? { workflowId: match[1]!, runId: match[2]! }
    : { workflowId: text };
}

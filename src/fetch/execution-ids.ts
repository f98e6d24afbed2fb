import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { TemporalReplayError } from '../errors';

export interface Execution {
  workflowId: string;
  runId?: string;
}

const RUN_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `--workflow-id` and `--run-id`, either any number of times: one run id for each workflow id, in the same order; or any
 * number of runs of a single workflow id.
 *
 * @throws USAGE
 */
export function pairIds(workflowIds: readonly string[], runIds: readonly string[]): Execution[] {
  if (runIds.length === 0) return workflowIds.map((workflowId) => ({ workflowId }));
  const [only] = workflowIds;
  if (workflowIds.length === 1 && only !== undefined)
    return runIds.map((runId) => ({ workflowId: only, runId }));
  if (workflowIds.length === runIds.length)
    return workflowIds.map((workflowId, i) => ({ workflowId, runId: runIds[i]! }));
  throw new TemporalReplayError(
    'USAGE',
    `${runIds.length} --run-id do not go with ${workflowIds.length} --workflow-id.`,
    {
      hint: 'Give one run id for each workflow id, or none, or a single workflow id.',
    },
  );
}

/** Reads {@link parseIdLine} from a stream; blank lines are skipped. */
export async function readIds(input: Readable, signal?: AbortSignal): Promise<Execution[]> {
  const executions: Execution[] = [];
  const onAbort = () => input.destroy();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line.trim() !== '') executions.push(parseIdLine(line));
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  if (signal?.aborted) throw new TemporalReplayError('ABORTED', 'Stopped.');
  return executions;
}

/**
 * `workflowId`, `workflowId<tab>runId` or `workflowId runId`. A workflow id may contain spaces, so without a tab only
 * a last word that is a UUID is a run id.
 */
export function parseIdLine(line: string): Execution {
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

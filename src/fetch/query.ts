import * as proto from '@temporalio/proto';
import { TemporalReplayError } from '../errors';
import type { SelectionOptions } from '../options/types';
import { GRPC, isGrpcError, isRunNotFound } from './cluster-error';
import type { Cluster } from './connect';
import { mapConcurrently } from './map-concurrently';

/** A run as the cluster lists it. */
export interface ListedRun {
  workflowId: string;
  /** Run id, empty if the cluster does not know the workflow id. */
  runId: string;
  /** Workflow type, empty if the cluster does not know the run. */
  workflowType: string;
  /** Status: `COMPLETED`, `RUNNING` …, or `UNKNOWN` if the cluster does not know the run. */
  status: string;
  /** Number of events, 0 if the cluster does not report it. */
  events: number;
  /** True if the run was given by its id and does not exist. */
  gone: boolean;
}

type ExecutionInfo = proto.temporal.api.workflow.v1.IWorkflowExecutionInfo;

/** Size of a page, below the smallest default limit of a server (1,000). */
const PAGE_SIZE = 500;

/** Checks the options that select runs. @throws USAGE */
export function checkSelection({ query, executions, limit, limitPerType }: SelectionOptions): void {
  if (query !== undefined && executions !== undefined) {
    throw new TemporalReplayError('USAGE', 'A query and workflow ids exclude each other.');
  }
  if (query === undefined && (executions === undefined || executions.length === 0)) {
    throw new TemporalReplayError('USAGE', 'Nothing says which runs to fetch.', {
      hint: 'Give --query, --workflow-id, or workflow ids on standard input.',
    });
  }
  for (const execution of executions ?? []) {
    if (!execution.workflowId) throw new TemporalReplayError('USAGE', 'A workflow id is empty.');
  }
  assertCount('limit', limit);
  assertCount('limit-per-type', limitPerType);
}

/** Checks that a number is whole and at least 1. @throws USAGE */
export function assertCount(name: string, value: number | undefined): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) {
    throw new TemporalReplayError('USAGE', `--${name} takes a whole number from 1 on, not ${value}.`);
  }
}

/**
 * Yields the selected runs, and requests a page when the first run on it is needed.
 *
 * @throws CLUSTER_*, ABORTED, USAGE
 */
export async function* listRuns(
  cluster: Cluster,
  selection: SelectionOptions,
  signal?: AbortSignal,
): AsyncGenerator<ListedRun> {
  const { query, executions, limit = Infinity, limitPerType = Infinity } = selection;
  const atMost = limitPerType === Infinity ? limit : Infinity;
  const runs =
    query === undefined
      ? describeRuns(cluster, (executions ?? []).slice(0, atMost), signal)
      : queryRuns(cluster, query, Math.min(PAGE_SIZE, atMost), signal);
  // A run can move from one page to another between two requests.
  const seen = new Set<string>();
  const countByType = new Map<string, number>();
  let listed = 0;
  for await (const run of runs) {
    const key = run.runId || `id ${run.workflowId}`;
    const count = countByType.get(run.workflowType) ?? 0;
    if (seen.has(key) || (count >= limitPerType && !run.gone)) continue;
    seen.add(key);
    countByType.set(run.workflowType, count + 1);
    yield run;
    if (++listed >= limit) return;
  }
}

/** Returns the present number of runs of a query, for progress only, or null if the cluster does not report it. */
export async function countRuns(
  cluster: Cluster,
  query: string,
  signal?: AbortSignal,
): Promise<number | null> {
  try {
    const { namespace } = cluster;
    const { count } = await cluster.call((service) => service.countWorkflowExecutions({ namespace, query }), {
      signal,
      query,
    });
    return Number(count ?? 0);
  } catch {
    // Listing the runs meets the same error and reports it.
    return null;
  }
}

async function* queryRuns(
  cluster: Cluster,
  query: string,
  pageSize: number,
  signal?: AbortSignal,
): AsyncGenerator<ListedRun> {
  const { namespace } = cluster;
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await cluster.call(
      (service) =>
        service.listWorkflowExecutions({ namespace, query, pageSize, nextPageToken: nextPageToken ?? null }),
      { signal, query },
    );
    for (const info of page.executions ?? []) yield listedRun(info);
    nextPageToken = page.nextPageToken;
  } while (nextPageToken && nextPageToken.length > 0);
}

function describeRuns(
  cluster: Cluster,
  executions: readonly { workflowId: string; runId?: string }[],
  signal?: AbortSignal,
): AsyncGenerator<ListedRun> {
  const { namespace } = cluster;
  return mapConcurrently(
    executions,
    { concurrency: 8, signal },
    async ({ workflowId, runId }, callSignal) => {
      try {
        const { workflowExecutionInfo } = await cluster.call(
          (service) =>
            service.describeWorkflowExecution({ namespace, execution: { workflowId, runId: runId ?? null } }),
          { signal: callSignal },
        );
        return listedRun(workflowExecutionInfo ?? {});
      } catch (err) {
        if (isRunNotFound(err))
          return {
            workflowId,
            runId: runId ?? '',
            workflowType: '',
            status: 'UNKNOWN',
            events: 0,
            gone: true,
          };
        const cause = err instanceof Error ? err.cause : undefined;
        if (isGrpcError(cause) && cause.code === GRPC.INVALID_ARGUMENT) {
          const named = runId === undefined ? workflowId : `${workflowId}, run id ${runId}`;
          throw new TemporalReplayError(
            'USAGE',
            `The cluster refuses workflow id ${named}: ${cause.details}`,
            { cause, hint: 'Check the ids.' },
          );
        }
        throw err;
      }
    },
  );
}

function listedRun(info: ExecutionInfo): ListedRun {
  return {
    workflowId: info.execution?.workflowId ?? '',
    runId: info.execution?.runId ?? '',
    workflowType: info.type?.name ?? '',
    status: statusName(info.status),
    events: Number(info.historyLength ?? 0),
    gone: false,
  };
}

const STATUS = proto.temporal.api.enums.v1.WorkflowExecutionStatus;

function statusName(status: ExecutionInfo['status']): string {
  const name = typeof status === 'number' ? STATUS[status] : status;
  return name?.replace('WORKFLOW_EXECUTION_STATUS_', '') ?? 'UNKNOWN';
}

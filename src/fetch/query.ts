import * as proto from '@temporalio/proto';
import { TemporalReplayError } from '../errors';
import type { SelectionOptions } from '../options/types';
import { versionOfText } from '../temporal/deployment-version';
import type { RunVersioning } from '../temporal/versioning';
import { GRPC, isGrpcError, isRunNotFound } from './cluster-error';
import type { Cluster } from './connect';
import { mapConcurrently } from './map-concurrently';
import { PageTokens } from './pages';

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
  /** Task queue of the run; empty if the cluster does not report it. */
  taskQueue: string;
  /** Versioning of the run by its search attributes, which servers from 1.27 on set; null if they say nothing. */
  versioning: Pick<RunVersioning, 'behavior' | 'version'> | null;
  /** The time at which the run started, in ms since 1970; null if the cluster does not report it. */
  startedAtMs: number | null;
  /** The time at which the run closed, in ms since 1970; null for an open run. */
  closedAtMs: number | null;
  /** Ids of the patches that the run has met, by its search attribute `TemporalChangeVersion`. */
  changeVersions: readonly string[];
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
  const countByType = new Map<string, number>();
  let listed = 0;
  for await (const run of runs) {
    const count = countByType.get(run.workflowType) ?? 0;
    if (count >= limitPerType && !run.gone) continue;
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
      isRetried: false,
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
  const tokens = new PageTokens('the list of runs');
  // A run can move from one page to another between two requests.
  const seen = new Set<string>();
  let nextPageToken: Uint8Array | null = null;
  do {
    const page = await cluster.call(
      (service) => service.listWorkflowExecutions({ namespace, query, pageSize, nextPageToken }),
      { signal, query },
    );
    const before = seen.size;
    for (const info of page.executions ?? []) {
      const run = listedRun(info);
      if (run.workflowId === '' || run.runId === '')
        throw new TemporalReplayError('CLUSTER_FAILED', 'The cluster listed a run without its ids.');
      if (seen.has(run.runId)) continue;
      seen.add(run.runId);
      yield run;
    }
    nextPageToken = tokens.next(page.nextPageToken, seen.size > before);
  } while (nextPageToken);
}

async function* describeRuns(
  cluster: Cluster,
  executions: readonly Execution[],
  signal?: AbortSignal,
): AsyncGenerator<ListedRun> {
  const seen = new Set<string>();
  const described = mapConcurrently(executions, { concurrency: 8, signal }, (execution, callSignal) =>
    describeRun(cluster, execution, callSignal),
  );
  for await (const run of described) {
    const key = run.runId || `id ${run.workflowId}`;
    if (seen.has(key)) continue;
    seen.add(key);
    yield run;
  }
}

interface Execution {
  workflowId: string;
  runId?: string;
}

/** Asks the cluster about one run; without a run id, about the latest of the workflow. @throws CLUSTER_*, ABORTED, USAGE */
export async function describeRun(
  cluster: Cluster,
  { workflowId, runId }: Execution,
  signal: AbortSignal | undefined,
): Promise<ListedRun> {
  const { namespace } = cluster;
  try {
    const { workflowExecutionInfo } = await cluster.call(
      (service) =>
        service.describeWorkflowExecution({ namespace, execution: { workflowId, runId: runId ?? null } }),
      { signal },
    );
    const run = listedRun(workflowExecutionInfo ?? {});
    if (run.workflowId !== workflowId || run.runId === '' || (runId ?? run.runId) !== run.runId) {
      const message = `The cluster describes another run than the one asked for, of workflow ${workflowId}.`;
      throw new TemporalReplayError('CLUSTER_FAILED', message);
    }
    return run;
  } catch (err) {
    if (isRunNotFound(err)) return { ...listedRun({}), workflowId, runId: runId ?? '', gone: true };
    const cause = err instanceof Error ? err.cause : undefined;
    if (isGrpcError(cause) && cause.code === GRPC.INVALID_ARGUMENT) {
      const named = runId === undefined ? workflowId : `${workflowId}, run id ${runId}`;
      throw new TemporalReplayError('USAGE', `The cluster refuses workflow id ${named}: ${cause.details}`, {
        cause,
        hint: 'Check the ids.',
      });
    }
    throw err;
  }
}

function listedRun(info: ExecutionInfo): ListedRun {
  const attributes = info.searchAttributes?.indexedFields ?? {};
  const changes = attributeOf(attributes.TemporalChangeVersion);
  return {
    workflowId: info.execution?.workflowId ?? '',
    runId: info.execution?.runId ?? '',
    workflowType: info.type?.name ?? '',
    status: statusName(info.status),
    events: Number(info.historyLength ?? 0),
    gone: false,
    taskQueue: info.taskQueue ?? '',
    versioning: versioningIn(attributes),
    startedAtMs: timeOf(info.startTime),
    closedAtMs: timeOf(info.closeTime),
    changeVersions: Array.isArray(changes) ? changes.map(String) : [],
  };
}

const timeOf = (at: ExecutionInfo['closeTime']): number | null =>
  at ? Number(at.seconds ?? 0) * 1000 + Math.floor((at.nanos ?? 0) / 1e6) : null;

type Attributes = NonNullable<proto.temporal.api.common.v1.ISearchAttributes['indexedFields']>;

function versioningIn(attributes: Attributes): ListedRun['versioning'] {
  const behavior = attributeOf(attributes.TemporalWorkflowVersioningBehavior);
  const version = versionOfText(String(attributeOf(attributes.TemporalWorkerDeploymentVersion) ?? ''));
  if (behavior === 'Pinned' && version) return { behavior: 'pinned', version };
  return behavior === 'AutoUpgrade' ? { behavior: 'auto-upgrade', version } : null;
}

/** Returns the value of a search attribute, which is JSON; null if it is none. */
function attributeOf(payload: Attributes[string] | undefined): unknown {
  try {
    return payload?.data ? JSON.parse(Buffer.from(payload.data).toString()) : null;
  } catch {
    return null;
  }
}

const STATUS = proto.temporal.api.enums.v1.WorkflowExecutionStatus;

function statusName(status: ExecutionInfo['status']): string {
  const name = typeof status === 'number' ? STATUS[status] : status;
  return name?.replace('WORKFLOW_EXECUTION_STATUS_', '') ?? 'UNKNOWN';
}

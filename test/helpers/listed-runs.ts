import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as proto from '@temporalio/proto';
import { decodeHistories } from '../../src/history/decode';
import type { Handler } from './fake-cluster';
import { ROOT } from './replay-cli';

const service = proto.temporal.api.workflowservice.v1;
const { History } = proto.temporal.api.history.v1;

type RunInfo = proto.temporal.api.workflow.v1.IWorkflowExecutionInfo;

const PAGE = 500;
const THROTTLED = { code: 8, details: 'throttled' };
const DROPPED = { code: 14, details: 'connection dropped' };
/** One list in so many is throttled. */
const THROTTLED_SHARE = 40;

/** Runs of a fake cluster, which have the same history but for their ids. */
export interface ListedRuns {
  count: number;
  /** The file of the history, below `histories/`. */
  file: string;
  /** One download in so many is dropped. */
  droppedShare: number;
  /** Returns the information of a run in the list beside its ids, by its number from 0 on. */
  infoOf(i: number): RunInfo;
}

/** Returns the number of pages that hold so many runs. */
export const pagesOf = (count: number): number => Math.ceil(count / PAGE);

/** Returns a value of a search attribute. */
export const attribute = (value: unknown): proto.temporal.api.common.v1.IPayload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(value)),
});

/** Returns handlers of a fake cluster that lists runs and downloads their histories, with the faults of a busy one. */
export function handlersOf({ count, file, droppedShare, infoOf }: ListedRuns): Record<string, Handler> {
  const [recorded] = decodeHistories({ file, bytes: readFileSync(join(ROOT, 'histories', file)) });
  const bytes = History.encode(recorded!.history!).finish();
  return {
    ListWorkflowExecutions: (call, request) => {
      if (call % THROTTLED_SHARE === 0) return THROTTLED;
      const { nextPageToken } = service.ListWorkflowExecutionsRequest.decode(request);
      const from = Number(Buffer.from(nextPageToken).toString() || 0);
      const to = Math.min(from + PAGE, count);
      const numbers = Array.from({ length: to - from }, (_, k) => from + k);
      return service.ListWorkflowExecutionsResponse.encode({
        executions: numbers.map((i) => ({ execution: idsOf(i), ...infoOf(i) })),
        nextPageToken: to < count ? Buffer.from(String(to)) : new Uint8Array(),
      }).finish();
    },
    GetWorkflowExecutionHistory: (call, request) => {
      if (call % droppedShare === 0) return DROPPED;
      const { workflowId, runId } = service.GetWorkflowExecutionHistoryRequest.decode(request).execution!;
      const history = History.decode(bytes);
      Object.assign(history.events[0]!.workflowExecutionStartedEventAttributes!, {
        ...{ workflowId, originalExecutionRunId: runId, firstExecutionRunId: runId },
      });
      return service.GetWorkflowExecutionHistoryResponse.encode({ history }).finish();
    },
  };
}

const idsOf = (i: number): { workflowId: string; runId: string } => ({
  workflowId: `shipment-${i}`,
  runId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
});

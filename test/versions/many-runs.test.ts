/** Asks a cluster with a hundred thousand open runs, which throttles and drops calls. */
import * as proto from '@temporalio/proto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeHistories } from '../../src/history/decode';
import { type FakeCluster, startFakeCluster } from '../helpers/fake-cluster';
import { ROOT, replay, reportOf } from '../helpers/replay-cli';

const service = proto.temporal.api.workflowservice.v1;
const { History } = proto.temporal.api.history.v1;

const LISTED = 100_000;
const PAGE = 500;
/** Number of runs that are looked at; all of them take minutes: TEST_SAMPLED_RUNS=100000. */
const SAMPLE = Number(process.env.TEST_SAMPLED_RUNS ?? 120);
const TYPE = 'shipOrder';
/** One run in so many is pinned to another version. */
const PINNED_SHARE = 4;

const THROTTLED = { code: 8, details: 'throttled' };
const DROPPED = { code: 14, details: 'connection dropped' };

const json = (value: unknown) => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(value)),
});

const runIdOf = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;

function page(from: number): Uint8Array {
  const to = Math.min(from + PAGE, LISTED);
  return service.ListWorkflowExecutionsResponse.encode({
    executions: Array.from({ length: to - from }, (_, k) => {
      const i = from + k;
      const isPinned = i % PINNED_SHARE === 0;
      return {
        execution: { workflowId: `shipment-${i}`, runId: runIdOf(i) },
        type: { name: TYPE },
        status: 1,
        taskQueue: 'orders',
        ...(isPinned && {
          searchAttributes: {
            indexedFields: {
              TemporalWorkflowVersioningBehavior: json('Pinned'),
              TemporalWorkerDeploymentVersion: json('orders:v1'),
            },
          },
        }),
      };
    }),
    nextPageToken: to < LISTED ? Buffer.from(String(to)) : new Uint8Array(),
  }).finish();
}

const FILE = `${TYPE}/order-open-shipping-shipment_01a20e3f-4dbd-7f0a-9953-e7d9cb4762b3.json`;
const [recorded] = decodeHistories({ file: FILE, bytes: readFileSync(join(ROOT, 'histories', FILE)) });

/** Returns the recorded history of an open run as that of another run. */
function historyOf({ workflowId, runId }: { workflowId?: string | null; runId?: string | null }): Uint8Array {
  const history = History.decode(History.encode(recorded!.history!).finish());
  Object.assign(history.events[0]!.workflowExecutionStartedEventAttributes!, {
    ...{ workflowId, originalExecutionRunId: runId, firstExecutionRunId: runId },
  });
  return service.GetWorkflowExecutionHistoryResponse.encode({ history }).finish();
}

let cluster: FakeCluster;
beforeAll(async () => {
  cluster = await startFakeCluster({
    ListWorkflowExecutions: (call, request) => {
      if (call % 40 === 0) return THROTTLED;
      const { nextPageToken } = service.ListWorkflowExecutionsRequest.decode(request);
      return page(Number(Buffer.from(nextPageToken).toString() || 0));
    },
    DescribeWorkflowExecution: (_, request) => {
      const { execution } = service.DescribeWorkflowExecutionRequest.decode(request);
      const info = { execution, type: { name: TYPE }, status: 1 };
      return service.DescribeWorkflowExecutionResponse.encode({ workflowExecutionInfo: info }).finish();
    },
    GetWorkflowExecutionHistory: (call, request) => {
      if (call % 50 === 0) return DROPPED;
      return historyOf(service.GetWorkflowExecutionHistoryRequest.decode(request).execution!);
    },
  });
});
afterAll(() => cluster.stop());

it('counts all open runs, looks at a sample of them, and bounds what may break among the others', async () => {
  const result = await replay([
    ...['can-deploy', '--address', cluster.address, '--sample', String(SAMPLE), '--seed', '1'],
    ...['--workflows-path', 'examples/order-service/src/workflows/index.ts', '--reporter', 'json'],
  ]);

  const { deploy } = reportOf(result);
  const moving = LISTED - LISTED / PINNED_SHARE;
  const isWhole = SAMPLE >= moving;
  expect(deploy).toMatchObject({ answer: isWhole ? 'yes' : 'not proven' });
  expect(deploy!.counts).toMatchObject({
    ...{ open: LISTED, staying: LISTED / PINNED_SHARE, moving },
    ...{ safe: Math.min(SAMPLE, moving), notLookedAt: Math.max(0, moving - SAMPLE) },
  });
  expect(deploy!.rows[0]!.atMost ?? 0).toBeLessThan(isWhole ? 1 : moving * 0.03);
  expect(cluster.calls).toMatchObject({ ListWorkflowExecutions: expect.any(Number) });
  expect(cluster.calls['ListWorkflowExecutions']).toBeGreaterThanOrEqual(LISTED / PAGE);
}, 3_600_000);

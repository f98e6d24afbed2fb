/** Asks a cluster with a hundred thousand open runs, which throttles and drops calls. */
import * as proto from '@temporalio/proto';
import { type FakeCluster, startFakeCluster } from '../helpers/fake-cluster';
import { attribute, handlersOf, pagesOf } from '../helpers/listed-runs';
import { replay, reportOf } from '../helpers/replay-cli';

const service = proto.temporal.api.workflowservice.v1;

const LISTED = 100_000;
/** Number of runs that are looked at; all of them take minutes: TEST_SAMPLED_RUNS=100000. */
const SAMPLE = Number(process.env.TEST_SAMPLED_RUNS ?? 120);
const TYPE = 'shipOrder';
/** One run in so many is pinned to another version. */
const PINNED_SHARE = 4;

let cluster: FakeCluster;
beforeAll(async () => {
  cluster = await startFakeCluster({
    ...handlersOf({
      count: LISTED,
      file: `${TYPE}/order-open-shipping-shipment_01a20e3f-4dbd-7f0a-9953-e7d9cb4762b3.json`,
      droppedShare: 50,
      infoOf: (i) => ({
        ...{ type: { name: TYPE }, status: 1, taskQueue: 'orders' },
        ...(i % PINNED_SHARE === 0 && {
          searchAttributes: {
            indexedFields: {
              TemporalWorkflowVersioningBehavior: attribute('Pinned'),
              TemporalWorkerDeploymentVersion: attribute('orders:v1'),
            },
          },
        }),
      }),
    }),
    DescribeWorkflowExecution: (_, request) => {
      const { execution } = service.DescribeWorkflowExecutionRequest.decode(request);
      const info = { execution, type: { name: TYPE }, status: 1 };
      return service.DescribeWorkflowExecutionResponse.encode({ workflowExecutionInfo: info }).finish();
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
  expect(cluster.calls['ListWorkflowExecutions']).toBeGreaterThanOrEqual(pagesOf(LISTED));
}, 3_600_000);

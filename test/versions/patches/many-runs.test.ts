/** Asks a cluster with a hundred thousand runs, which throttles and drops calls, for the runs that patches wait for. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import * as proto from '@temporalio/proto';
import type Long from 'long';
import type { PatchReport } from '../../../src/model/patches';
import { type FakeCluster, startFakeCluster } from '../../helpers/fake-cluster';
import { attribute, handlersOf } from '../../helpers/listed-runs';
import { ROOT, replay, scratchDirectory, writeEdited } from '../../helpers/replay-cli';

const service = proto.temporal.api.workflowservice.v1;

const LISTED = 100_000;
/** One run in so many has no marker of the patch. */
const OLD_SHARE = 2_000;
const TYPE = 'shipOrder';
const COMPLETED = 2;
const RETENTION_DAYS = 3;
const CLOSED_AT = Date.parse('2026-03-01T00:00:00Z') / 1000;

/** Returns a number as the messages take it, which are typed for longer ones. */
const asLong = (value: number): Long => value as unknown as Long;

let cluster: FakeCluster;
beforeAll(async () => {
  cluster = await startFakeCluster({
    ...handlersOf({
      count: LISTED,
      file: `${TYPE}/order-approved-shipment_01a20e3f-504c-749e-9127-a14801596917.json`,
      droppedShare: 20,
      infoOf: (i) => ({
        ...{ type: { name: TYPE }, status: COMPLETED, taskQueue: 'orders' },
        ...{ startTime: { seconds: asLong(CLOSED_AT) }, closeTime: { seconds: asLong(CLOSED_AT) } },
        ...(i % OLD_SHARE > 0 && {
          searchAttributes: { indexedFields: { TemporalChangeVersion: attribute(['fee']) } },
        }),
      }),
    }),
    DescribeNamespace: () =>
      service.DescribeNamespaceResponse.encode({
        config: { workflowExecutionRetentionTtl: { seconds: asLong(RETENTION_DAYS * 24 * 60 * 60) } },
      }).finish(),
  });
});
afterAll(() => cluster.stop());

it('counts all runs, and downloads those alone whose markers the list does not tell', async () => {
  const directory = scratchDirectory();
  cpSync(join(ROOT, 'examples/order-service/src'), directory, { recursive: true });
  const file = join(directory, 'workflows/ship-order.ts');
  writeEdited(file, file, [
    ['  log,\n', '  log,\n  patched,\n'],
    ['  const saga = new Saga();\n', "  const saga = new Saga();\n  patched('fee');\n"],
  ]);

  const { stdout, stderr, code } = await replay(
    ['patches', '--address', cluster.address, '--workflows-path', 'workflows/index.ts', '--json'],
    { cwd: directory },
  );

  expect([code, stderr]).toEqual([0, '']);
  const { patches, cluster: seen } = JSON.parse(stdout) as PatchReport;
  const old = LISTED / OLD_SHARE;
  expect(seen).toMatchObject({ openRuns: 0, closedRuns: LISTED, downloaded: old, unknown: 0 });
  expect(patches.find(({ id }) => id === 'fee')).toMatchObject({
    stage: 'old runs closed',
    closed: { old, live: LISTED - old, notReached: 0 },
    movesOnAt: new Date((CLOSED_AT + RETENTION_DAYS * 24 * 60 * 60) * 1000).toISOString(),
  });
});

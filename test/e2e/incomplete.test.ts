/** A cluster that fails while its histories are replayed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { type FakeCluster, listing, startFakeCluster } from '../helpers/fake-cluster';
import { decodeOne } from '../helpers/histories';
import { ROOT, replay, reportOf, scratchDirectory } from '../helpers/replay-cli';

const SERVICE = join(ROOT, 'test/services/small');
const service = temporal.api.workflowservice.v1;

const history = decodeOne(readFileSync(join(SERVICE, 'histories/c1.json'), 'utf8'));
const started = history.events![0]!.workflowExecutionStartedEventAttributes!;
const good = { workflowId: started.workflowId!, runId: started.originalExecutionRunId! };
const TYPE = started.workflowType!.name!;
const bad = { workflowId: 'bad', runId: '00000000-0000-4000-8000-00000000000b' };

let cluster: FakeCluster | null = null;
afterEach(() => cluster?.stop());

/** Starts a cluster with a history that replays, and one that it answers for with a status. */
async function startCluster(code: number, details: string): Promise<string[]> {
  cluster = await startFakeCluster({
    ListWorkflowExecutions: () => listing([good, bad], { type: TYPE }),
    GetWorkflowExecutionHistory: (_, request) => {
      const { execution } = service.GetWorkflowExecutionHistoryRequest.decode(request);
      return execution?.runId === good.runId
        ? service.GetWorkflowExecutionHistoryResponse.encode({ history }).finish()
        : { code, details };
    },
  });
  return [
    ...['run', '--query', '', '--address', cluster.address, '--no-tls'],
    ...['--workflows-path', join(SERVICE, 'workflows.ts'), '--advice-timeout', '0'],
  ];
}

it('reports the results so far as incomplete, keeps an older report, and exits with 3', async () => {
  const directory = scratchDirectory();
  const args = await startCluster(7, 'no');

  const result = await replay([...args, '--reporter', 'json', '--reporter', `json=${directory}/report.json`]);

  expect(result).toMatchObject({ code: 3, stderr: expect.stringContaining('[CLUSTER_PERMISSION]') });
  const report = reportOf(result);
  expect(report).toMatchObject({ status: 'incomplete', summary: { histories: 1, compatible: 1 } });
  expect(existsSync(join(directory, 'report.json'))).toBe(false);
  expect(JSON.parse(readFileSync(join(directory, 'report.incomplete.json'), 'utf8'))).toEqual(report);
});

it('names a run that is gone after it was listed, and judges the others', async () => {
  const result = await replay([
    ...(await startCluster(5, 'workflow execution not found')),
    '--reporter',
    'json',
  ]);

  expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('1 run is gone') });
  expect(result.stderr).toContain(`bad  ${bad.runId}`);
  expect(reportOf(result)).toMatchObject({ status: 'complete', summary: { histories: 1 } });
});

import * as proto from '@temporalio/proto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fetchHistories } from '../../src/fetch/fetch-histories';
import { type FakeCluster, startFakeCluster } from '../helpers/fake-cluster';
import { scratchDirectory } from '../helpers/replay-cli';

const service = proto.temporal.api.workflowservice.v1;
const { EventType } = proto.temporal.api.enums.v1;

/** A run by what happened in it: the names of the signals that came, the second of its start, and if it is open. */
interface Run {
  signals: string[];
  second: number;
  isOpen: boolean;
}

const closed = (...signals: string[]): Run => ({ signals, second: 0, isOpen: false });
const open = (second: number, ...signals: string[]): Run => ({ signals, second, isOpen: true });

const RUNS: Readonly<Record<string, Run>> = {
  'long-a': closed('a', 'a', 'a', 'a'),
  'short-a': closed('a', 'a'),
  'middle-a': closed('a', 'a', 'a'),
  b: closed('b'),
  'old-open': open(1, 'a'),
  'new-open': open(3, 'a'),
  'middle-open': open(2, 'a'),
};
const runIdOf = (id: string): string => `run-of-${id}`;

function historyOf(id: string): proto.temporal.api.history.v1.IHistoryEvent[] {
  const { signals, second, isOpen } = RUNS[id]!;
  const events = [
    {
      eventType: EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
      eventTime: { seconds: second as never },
      workflowExecutionStartedEventAttributes: { workflowType: { name: 'order' }, workflowId: id },
    },
    ...signals.map((signalName) => ({
      eventType: EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
      workflowExecutionSignaledEventAttributes: { signalName },
    })),
    ...(isOpen
      ? []
      : [
          {
            eventType: EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
            workflowExecutionCompletedEventAttributes: {},
          },
        ]),
  ];
  return events.map((event, i) => ({ ...event, eventId: (i + 1) as never }));
}

const infoOf = (id: string) => ({
  ...{ execution: { workflowId: id, runId: runIdOf(id) }, type: { name: 'order' } },
  ...{ status: RUNS[id]!.isOpen ? 1 : 2, historyLength: historyOf(id).length as never },
});

let cluster: FakeCluster;
beforeAll(async () => {
  cluster = await startFakeCluster({
    ListWorkflowExecutions: () =>
      service.ListWorkflowExecutionsResponse.encode({ executions: Object.keys(RUNS).map(infoOf) }).finish(),
    GetWorkflowExecutionHistory: (_, request) => {
      const { execution } = service.GetWorkflowExecutionHistoryRequest.decode(request);
      const history = { events: historyOf(execution!.workflowId!) };
      return service.GetWorkflowExecutionHistoryResponse.encode({ history }).finish();
    },
  });
});
afterAll(() => cluster.stop());

/** Fetches with a limit for each shape, and returns the workflow ids of the stored runs. */
async function stored(perShape: number): Promise<string[]> {
  const out = join(scratchDirectory(), 'histories');
  for await (const run of fetchHistories({ address: cluster.address, query: '', out, perShape })) void run;
  return readdirSync(join(out, 'order')).map((file) => file.split('_')[0]!);
}

describe('fetchHistories with perShape', () => {
  it('keeps the shortest closed run and the newest open run of each shape', async () => {
    expect((await stored(1)).sort()).toEqual(['b', 'new-open', 'short-a']);
  });

  it('keeps as many runs of a shape as it is asked to', async () => {
    expect((await stored(2)).sort()).toEqual(['b', 'middle-a', 'middle-open', 'new-open', 'short-a']);
  });

  it('refuses a number that is no count', async () => {
    await expect(stored(0)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

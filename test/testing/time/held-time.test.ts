/** The rules of `HeldTime`, on a model of the server. `mocks/mock-activities.test.ts` has them on the real server. */
import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { ActivityRunner } from '../../../src/testing/activities/activity-runner';
import { RequestedOptions } from '../../../src/testing/mocks/requested-options';
import { HeldTime } from '../../../src/testing/time/held-time';
import { realTime } from '../../../src/testing/time/real-time';
import { ServerTime } from '../../../src/testing/time/server-time';
import type { TestTime } from '../../../src/testing/time/test-time';
import { FakeTestServer } from './fake-test-server';

type Event = temporal.api.history.v1.IHistoryEvent;

const RUN = { workflowId: 'w1', runId: 'r1' };
const scheduled = (eventId: number, activityId: string): Event =>
  ({ eventId, activityTaskScheduledEventAttributes: { activityId } }) as unknown as Event;
const completed = (scheduledEventId: number): Event =>
  ({ eventId: 90, activityTaskCompletedEventAttributes: { scheduledEventId } }) as unknown as Event;

/** A client of a server that answers with these statuses of the run, the last one repeatedly, and with this history. */
function clientOf({ statuses = ['COMPLETED'], events = [] as Event[] }): {
  client: Client;
  calls: string[];
} {
  const calls: string[] = [];
  const handle = {
    async describe() {
      const name = statuses[Math.min(calls.length, statuses.length - 1)];
      calls.push(`describe ${name}`);
      return { status: { name } };
    },
    async fetchHistory() {
      calls.push('fetchHistory');
      return { events };
    },
  };
  return { client: { workflow: { getHandle: () => handle } } as unknown as Client, calls };
}

/** A runner of the activity `work`. */
const runnerOf = (client: Client, work: () => Promise<unknown> = async () => undefined): ActivityRunner =>
  new ActivityRunner({
    activities: () => ({ work }),
    internal: {},
    requested: new RequestedOptions(),
    converter: {
      payloadConverter: defaultPayloadConverter,
      failureConverter: defaultFailureConverter,
      payloadCodecs: [],
    },
    client,
    cwd: process.cwd(),
    log: () => undefined,
    metric: () => undefined,
    heartbeat: () => undefined,
  });

const taskOf = (activityId: string) => ({
  task: 1,
  info: {
    ...{ activityId, activityType: 'work', attempt: 1, taskQueue: 'orders', isLocal: false },
    workflowExecution: RUN,
  },
  args: [],
  heartbeatDetails: null,
});

interface Arrangement {
  holds: number;
  events?: Event[];
  statuses?: string[];
  work?: () => Promise<unknown>;
}

function arrange({ holds, events, statuses, work }: Arrangement) {
  const server = new FakeTestServer({ holds });
  const time = new ServerTime(server.connection);
  const { client, calls } = clientOf({ ...(statuses && { statuses }), ...(events && { events }) });
  const activities = runnerOf(client, work);
  return { server, time, calls, activities, heldTime: new HeldTime({ client, time, activities }) };
}

describe('the time that activities of an ended run hold', () => {
  it('is released for each of the given activities', async () => {
    const { server, heldTime } = arrange({ holds: 2, events: [scheduled(5, 'a'), scheduled(6, 'b')] });

    heldTime.release({ ...RUN, activityIds: ['a', 'b'] });
    await heldTime.released();

    expect(server.locks).toBe(1);
  });

  it('is released for all unfinished activities if none are given', async () => {
    const events = [scheduled(5, 'a'), scheduled(6, 'b'), completed(5), scheduled(7, 'c')];
    const { server, heldTime } = arrange({ holds: 2, events });

    heldTime.release(RUN);
    await heldTime.released();

    expect(server.locks).toBe(1);
  });

  it('is not released for a given activity that has ended', async () => {
    const events = [scheduled(5, 'a'), scheduled(6, 'b'), completed(5)];
    const { server, heldTime } = arrange({ holds: 1, events });

    heldTime.release({ ...RUN, activityIds: ['a', 'b'] });
    await heldTime.released();

    expect(server.locks).toBe(1);
  });

  it('is not released for an activity between two attempts, which holds none', async () => {
    const work = () => Promise.reject(new Error('the bank is down'));
    const { server, heldTime, activities } = arrange({ holds: 0, events: [scheduled(5, 'a')], work });
    await activities.run(taskOf('a'));

    heldTime.release({ ...RUN, activityIds: ['a'] });
    await heldTime.released();

    expect(server.calls).toEqual([]);
  });

  it('is released only once the run has closed', async () => {
    const statuses = ['RUNNING', 'RUNNING', 'COMPLETED'];
    const { server, heldTime, calls } = arrange({ holds: 1, statuses, events: [scheduled(5, 'a')] });

    heldTime.release({ ...RUN, activityIds: ['a'] });
    await heldTime.released();

    expect(calls).toEqual(['describe RUNNING', 'describe RUNNING', 'describe COMPLETED', 'fetchHistory']);
    expect(server.locks).toBe(1);
  });

  it('is released together with the sleep of an activity that hangs', async () => {
    const work = () => new Promise<never>(() => undefined);
    const { server, time, heldTime, activities } = arrange({ holds: 1, events: [scheduled(5, 'a')], work });
    void activities.run(taskOf('a'));
    let hasEnded = false;
    const info = activities.infoOf(RUN.runId, 'a') as Info;
    void time.sleepWithin('1 hour', info).then(() => (hasEnded = true));

    heldTime.release({ ...RUN, activityIds: ['a'] });
    await heldTime.released();

    expect(hasEnded).toBe(true);
    expect(server.locks).toBe(1);
  });
});

describe('the end of a run', () => {
  const releaseWith = async (client: Client, time: TestTime): Promise<void> => {
    const heldTime = new HeldTime({ client, time, activities: runnerOf(client) });
    heldTime.release(RUN);
    await heldTime.released();
  };

  it('takes no calls on the full server, whose time nothing holds', async () => {
    const { client, calls } = clientOf({ events: [scheduled(5, 'a')] });

    await releaseWith(client, realTime);

    expect(calls).toEqual([]);
  });

  it('does not fail the test if the server no longer answers', async () => {
    const getHandle = () => ({ describe: () => Promise.reject(new Error('UNAVAILABLE')) });
    const client = { workflow: { getHandle } } as unknown as Client;
    const time = new ServerTime(new FakeTestServer().connection);

    await expect(releaseWith(client, time)).resolves.toBeUndefined();
  });
});

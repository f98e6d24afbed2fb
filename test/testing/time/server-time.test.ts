/** The rules of `ServerTime`, on a model of the test server's locks. `workflow-time.test.ts` has them on the real server. */
import { ServerTime } from '../../../src/testing/time/server-time';
import { FakeTestServer } from './fake-test-server';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** A promise with the function that resolves it. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** Lets pending callbacks run. */
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('a wait that skips time', () => {
  it('unlocks time while it is pending, and locks it afterwards', async () => {
    const server = new FakeTestServer();
    const time = new ServerTime(server.connection);

    const locksMeanwhile = await time.skippingWhile(async () => server.locks);

    expect(locksMeanwhile).toBe(0);
    expect(server.locks).toBe(1);
  });

  it('locks time after a failure too, and passes the failure on', async () => {
    const server = new FakeTestServer();
    const time = new ServerTime(server.connection);

    const wait = time.skippingWhile(() => Promise.reject(new Error('workflow failed')));

    await expect(wait).rejects.toThrow('workflow failed');
    expect(server.locks).toBe(1);
  });

  it('shares one unlock with the waits that are pending at the same time', async () => {
    const server = new FakeTestServer();
    const time = new ServerTime(server.connection);
    const [first, second] = [deferred(), deferred()];
    const waits = [
      time.skippingWhile(() => first.promise),
      time.skippingWhile(() => second.promise),
    ] as const;

    first.resolve();
    await waits[0];
    expect(server.calls).toEqual(['unlock']);

    second.resolve();
    await waits[1];
    expect(server.calls).toEqual(['unlock', 'lock']);
  });
});

describe('a sleep', () => {
  it('lets its duration pass, and leaves time locked', async () => {
    const server = new FakeTestServer();
    const time = new ServerTime(server.connection);

    await time.sleep('1 hour');

    expect(await time.nowMs()).toBe(HOUR_MS);
    expect(server.locks).toBe(1);
  });

  it('does not unlock time again while a wait has unlocked it', async () => {
    const server = new FakeTestServer();
    const time = new ServerTime(server.connection);

    await time.skippingWhile(() => time.sleep('1 hour'));

    expect(server.calls).toEqual(['unlock', 'sleep', 'lock']);
    expect(server.nowMs).toBe(HOUR_MS);
  });

  it('does not pass over a task that holds the time', async () => {
    const server = new FakeTestServer({ holds: 1 });
    const time = new ServerTime(server.connection);
    const order: string[] = [];

    const sleep = time.sleep('1 hour').then(() => order.push('sleep'));
    await settle();
    order.push('task');
    server.changeLocks(-1);
    await sleep;

    expect(order).toEqual(['task', 'sleep']);
  });

  it('leaves time unlocked for a wait that has begun during it', async () => {
    const server = new FakeTestServer({ holds: 1 });
    const time = new ServerTime(server.connection);
    const answer = deferred();

    const sleep = time.sleep('1 hour');
    const wait = time.skippingWhile(() => answer.promise);
    await settle();
    server.changeLocks(-1);
    await sleep;

    expect(server.locks).toBe(0);
    answer.resolve();
    await wait;
    expect(server.locks).toBe(1);
  });

  it('of an activity is ended by finishSleeps(), though no wait has unlocked time', async () => {
    const server = new FakeTestServer({ holds: 1 });
    const time = new ServerTime(server.connection);
    const sleep = time.sleepWithin('1 hour');
    await settle();
    expect(server.nowMs).toBe(0);

    await time.finishSleeps();

    await sleep;
    expect(server.nowMs).toBe(HOUR_MS);
    expect(server.locks).toBe(2);
  });

  it('is found by its holder until it has ended', async () => {
    const server = new FakeTestServer({ holds: 1 });
    const time = new ServerTime(server.connection);
    const holder = {};
    const order: string[] = [];
    const sleep = time.sleepWithin('1 hour', holder);

    const ended = time.sleepEnded(holder).then(() => order.push('sleep ended'));
    await time.sleepEnded({}).then(() => order.push('another holder'));
    order.push('activity ended');
    server.changeLocks(-1);
    await Promise.all([ended, sleep]);

    expect(order).toEqual(['another holder', 'activity ended', 'sleep ended']);
  });
});

describe('releaseAllHolds()', () => {
  it('unlocks once for each hold, and leaves the lock of the client', async () => {
    const server = new FakeTestServer({ holds: 3 });

    await new ServerTime(server.connection).releaseAllHolds();

    expect(server.calls.filter((call) => call === 'unlock')).toHaveLength(3);
    expect(server.locks).toBe(1);
  });

  it('unlocks nothing where no hold is left', async () => {
    const server = new FakeTestServer();

    await new ServerTime(server.connection).releaseAllHolds();

    expect(server.calls).not.toContain('unlock');
    expect(server.locks).toBe(1);
  });
});

describe('close()', () => {
  it('returns true for a server whose time passes', async () => {
    const server = new FakeTestServer();

    expect(await new ServerTime(server.connection).close()).toBe(true);
  });

  it('returns false for a server whose time is held', async () => {
    const server = new FakeTestServer({ holds: 1 });

    expect(await new ServerTime(server.connection).close()).toBe(false);
  });

  it.each([
    ['true', 'less', 900, true],
    ['false', 'more', 1_100, false],
  ])(
    'returns %s for a server whose clock is %s than a thousand years ahead',
    async (_, __, years, expected) => {
      const server = new FakeTestServer();
      server.nowMs = Date.now() + years * YEAR_MS;

      expect(await new ServerTime(server.connection).close()).toBe(expected);
    },
  );

  it('returns false while a wait is pending', async () => {
    const server = new FakeTestServer();
    const time = new ServerTime(server.connection);
    const answer = deferred();
    const wait = time.skippingWhile(() => answer.promise);
    await settle();

    expect(await time.close()).toBe(false);

    answer.resolve();
    await wait;
  });

  it('aborts the sleeps that are pending', async () => {
    const server = new FakeTestServer({ holds: 2 });
    const time = new ServerTime(server.connection);
    const sleep = time.sleepWithin('1 hour');
    const failure = sleep.catch((err: unknown) => err);

    await time.close();

    expect(await failure).toMatchObject({ message: 'aborted' });
  });
});

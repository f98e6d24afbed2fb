import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { createTestEnvironment, recordHistory, type TestEnvironment } from '../../../lib/testing';
import { lazyMatchers } from '../../../lib/testing/matchers/lazy';
import { scratchDirectory } from '../../helpers/replay-cli';
import type * as workflows from '../../services/testing/workflows';

expect.extend(lazyMatchers as jest.ExpectExtendMap);

const workflowsPath = join(__dirname, '../../services/testing/workflows.ts');
const activities = {
  charge: async () => ({ chargeId: 'c' }),
  ship: async () => 'tracking',
  quote: async () => 3,
};
const input = { orderId: 'o1', cents: 100 };

/** As on a developer's machine, wherever these tests run. */
const { snapshotState } = expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } };
beforeEach(() => {
  snapshotState._updateSnapshot = 'new';
  delete process.env['CI'];
});

let env: TestEnvironment;
let handle: WorkflowHandle;
beforeAll(async () => {
  env = await createTestEnvironment({ workflowsPath, activities });
  handle = await env.start<typeof workflows.order>('order', { args: [input] });
  await handle.result();
});
afterAll(() => env.teardown());

describe('toHaveActivity', () => {
  it('compares the type, the input and the number of calls', async () => {
    await expect(handle).toHaveActivity('charge');
    await expect(handle).toHaveActivity('charge', { times: 1, input: ['o1', 100] });
    await expect(handle).toHaveActivity('charge', { input: ['o1', expect.any(Number)] });
    await expect(handle).toHaveActivity('ship', { input: 'o1' });
    await expect(handle).toHaveActivity('refund', { times: 0 });
    await expect(handle).not.toHaveActivity('refund');
    await expect(handle).not.toHaveActivity('charge', { input: ['o2', 100] });
  });

  it('counts local activities, whose input is not recorded', async () => {
    await expect(handle).toHaveActivity('quote', { times: 1 });
    await expect(handle).not.toHaveActivity('quote', { input: 'o1' });
  });

  it('fails with the activities that were called, and the history', async () => {
    const { message } = await failureOf(expect(handle).toHaveActivity('ship', { times: 2, input: 'o1' }));

    expect(message).toContain('to have 2 calls of the activity ship with input "o1".');
    expect(message).toContain('It called:\n  charge("o1", 100)\n  quote(local)\n  ship("o1")');
    expect(message).toContain('✓ timer 30 days');
  });
});

describe('toHaveTimer and toHavePatch', () => {
  it('compare the recorded timers and patches', async () => {
    await expect(handle).toHaveTimer();
    await expect(handle).toHaveTimer('30 days');
    await expect(handle).not.toHaveTimer('29 days');
    await expect(handle).not.toHavePatch('nothing');
  });
});

describe('toReplay', () => {
  it('accepts a handle, a history, its JSON and a file', async () => {
    const { file } = await recordHistory(handle, 'recorded', { directory: scratchDirectory() });

    await expect(handle).toReplay({ strict: true });
    await expect(await handle.fetchHistory()).toReplay();
    await expect(JSON.parse(readFileSync(file, 'utf8'))).toReplay();
    await expect(file).toReplay({ workflowsPath });
    await expect(file).toReplayWith({ verdict: 'compatible' });
  });

  it('replays several runs at the same time', async () => {
    const others = await Promise.all(
      ['a', 'b', 'c'].map((orderId) =>
        env.start<typeof workflows.order>('order', { args: [{ orderId, cents: 100 }] }),
      ),
    );
    await Promise.all(others.map((other) => other.result()));

    await Promise.all(others.map((other) => expect(other).toReplay({ strict: true })));
  });

  it('fails with the diagnosis', async () => {
    const { file } = await recordHistory(handle, 'edited', { directory: scratchDirectory() });
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"name": "charge"', '"name": "debit"'));

    const { message } = await failureOf(expect(file).toReplay());

    expect(message).toContain('to replay; it is incompatible.');
    expect(message).toContain('`debit` activity');
    await expect(file).toReplayWith({ verdict: 'incompatible' });
  });

  it('rejects a value that is not a history', async () => {
    const { message } = await failureOf(expect(42).toReplay());

    expect(message).toContain('Expected a workflow handle, a history');
  });
});

describe('recordHistory', () => {
  afterEach(() => {
    delete process.env['UPDATE_HISTORIES'];
  });

  it('writes one file, named after the test, and does not overwrite it', async () => {
    const directory = scratchDirectory();

    const first = await recordHistory(handle, undefined, { directory });
    const second = await recordHistory(handle, undefined, { directory });

    expect(first.outcome).toBe('new');
    expect(first.file).toBe(
      join(
        directory,
        'order/recordHistory-writes-one-file,-named-after-the-test,-and-does-not-overwrite-it.json',
      ),
    );
    expect(second).toEqual({ file: first.file, outcome: 'kept' });
  });

  it('replaces a history that the code no longer replays, in update mode', async () => {
    const directory = scratchDirectory();
    const { file } = await recordHistory(handle, 'one', { directory });
    const recorded = readFileSync(file, 'utf8');
    process.env['UPDATE_HISTORIES'] = '1';

    const same = await recordHistory(handle, 'one', { directory });
    writeFileSync(file, recorded.replaceAll('"name": "charge"', '"name": "debit"'));
    const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const changed = await recordHistory(handle, 'one', { directory });
    const said = told.mock.calls.map(([text]) => String(text)).join('');
    told.mockRestore();

    expect([same.outcome, changed.outcome]).toEqual(['kept', 'updated']);
    expect(readFileSync(file, 'utf8')).toBe(recorded);
    expect(said).toContain('one.json was recorded again, because the code did not replay it as compatible.');
  });

  it('fails in CI without a file, and explains what to do', async () => {
    const directory = scratchDirectory();
    snapshotState._updateSnapshot = 'none';

    const failure = await failureOf(recordHistory(handle, 'one', { directory }));

    expect(failure).toMatchObject({ code: 'HISTORY_NOT_RECORDED', hint: expect.stringContaining('commit') });
    expect(existsSync(join(directory, 'order/one.json'))).toBe(false);
  });
});

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (err) {
    return err as Error;
  }
  throw new Error('it did not fail');
}

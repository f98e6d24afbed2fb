import { join } from 'node:path';
import {
  createTestEnvironment,
  hang,
  mockChildWorkflows,
  nonRetryableFailure,
  type TestEnvironment,
} from '../../../lib/testing';
import type * as workflows from '../../services/mocks/workflows';

const workflowsPath = join(__dirname, '../../services/mocks/workflows.ts');
const DAY_MS = 24 * 60 * 60_000;

interface OtherService {
  customsDuty(of: string): Promise<number>;
}

describe('mocked child workflows', () => {
  const childWorkflows = mockChildWorkflows<typeof workflows & OtherService>(
    { shipOrder: async ({ orderId }) => `tracking of ${orderId}`, customsDuty: 19 },
    { taskQueue: 'customs' },
  );
  const { shipOrder, customsDuty } = childWorkflows;
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ workflowsPath, childWorkflows, stallTimeout: '20s' });
  });
  beforeEach(() => void shipOrder.mockReset());
  afterAll(() => env.teardown());
  const ship = (options = {}) =>
    env.execute<typeof workflows.shipsByChild>('shipsByChild', { args: [options] });

  it('run the test function', async () => {
    const { result } = await ship({ workflowId: 'ship-1' });

    expect(result).toBe('tracking of o1');
    expect(shipOrder).toHaveBeenCalledWith({ orderId: 'o1' });
    expect(shipOrder.temporalCalls).toEqual([
      { workflowType: 'shipOrder', workflowId: 'ship-1', args: [{ orderId: 'o1' }], attempt: 1 },
    ]);
  });

  it('may be of a type that the service does not have, on the task queue of another service', async () => {
    const duty = await env.execute<typeof workflows.asksOtherService>('asksOtherService');

    expect(duty).toBe(19);
    expect(customsDuty).toHaveBeenCalledWith('o1');
  });

  it('fail with the error of the test function', async () => {
    shipOrder.mockRejectedValue(nonRetryableFailure('no boxes', 'OutOfBoxes'));

    expect((await ship()).failure).toBe('OutOfBoxes: no boxes');
  });

  it('are retried by their own retry policy', async () => {
    shipOrder.failTimes(1, new Error('lost')).mockResolvedValue('second parcel');

    const { result } = await ship({ retry: { maximumAttempts: 2, initialInterval: '1 hour' } });

    expect(result).toBe('second parcel');
    expect(shipOrder.temporalCalls.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('take their delay in workflow time', async () => {
    shipOrder.delay('3 days').mockResolvedValue('late');

    const { result, elapsedMs } = await ship();

    expect(result).toBe('late');
    expect(elapsedMs).toBeGreaterThanOrEqual(3 * DAY_MS);
  });

  it('hang until they time out', async () => {
    shipOrder.byAttempt([hang()]);

    const { failure, elapsedMs } = await ship({ workflowExecutionTimeout: '2 days' });

    expect(failure).toMatch(/^TimeoutFailure/);
    expect(elapsedMs).toBeGreaterThanOrEqual(2 * DAY_MS);
  });

  it('fail to start, as if their workflow id were in use', async () => {
    shipOrder.neverStart();

    const { failure } = await ship({ workflowId: 'ship-taken' });

    expect(failure).toMatch(/^WorkflowExecutionAlreadyStartedError/);
    expect(shipOrder).toHaveBeenCalledTimes(1);
  });

  it('record the signals that they receive', async () => {
    shipOrder.delay('1 day');

    await env.execute<typeof workflows.directsChild>('directsChild', { args: [false] });

    expect(await shipOrder.signals()).toMatchObject([{ name: 'pack', args: ['small box'] }]);
    expect(await shipOrder.cancelRequests()).toEqual([]);
  });

  it('record the requests to cancel them', async () => {
    shipOrder.hang();

    const result = await env.execute<typeof workflows.directsChild>('directsChild', { args: [true] });

    expect(result).toBe('CancelledFailure');
    expect(await shipOrder.cancelRequests()).toEqual([shipOrder.temporalCalls[0]!.workflowId]);
  });

  it('are recorded even if their parent ends at once', async () => {
    await env.execute<typeof workflows.leavesChild>('leavesChild');

    expect(shipOrder).toHaveBeenCalledWith({ orderId: 'o9' });
  });

  it('leave runs that replay as compatible', async () => {
    await expect(env.replayRuns()).resolves.toBeUndefined();
  });
});

describe('mocked child workflows without a workflow cache', () => {
  it('run the test function once', async () => {
    const childWorkflows = mockChildWorkflows<typeof workflows>({ shipOrder: 'tracking' });
    childWorkflows.shipOrder.delay('1 hour');
    await using env = await createTestEnvironment({
      workflowsPath,
      childWorkflows,
      evictAfterEachTask: true,
    });

    const { result } = await env.execute<typeof workflows.shipsByChild>('shipsByChild', { args: [{}] });

    expect(result).toBe('tracking');
    expect(childWorkflows.shipOrder).toHaveBeenCalledTimes(1);
  });
});

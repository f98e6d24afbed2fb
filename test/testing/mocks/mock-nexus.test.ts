import { join } from 'node:path';
import type { Connection } from '@temporalio/client';
import { HandlerError, OperationError } from 'nexus-rpc';
import {
  createTestEnvironment,
  hang,
  mockNexusOperations,
  nonRetryableFailure,
  type TestEnvironment,
} from '../../../lib/testing';
import { NexusEndpoints } from '../../../lib/testing/connection/nexus-endpoints';
import { PaymentService } from '../../services/nexus/payment-service';
import type * as workflows from '../../services/nexus/workflows';
import { failureOf } from '../failure-of';

const workflowsPath = join(__dirname, '../../services/nexus/workflows.ts');
const OPERATION_FAILED = 'NexusOperationFailure: nexus operation completed unsuccessfully';

const mockPayments = () =>
  mockNexusOperations({
    endpoint: 'payments',
    service: PaymentService,
    operations: { charge: async ({ orderId, cents }) => ({ chargeId: `${orderId} for ${cents}` }) },
  });

describe('mocked Nexus operations', () => {
  const payments = mockPayments();
  const quotes = mockNexusOperations({
    endpoint: 'quotes',
    service: 'QuoteService',
    operations: { quote: 19 },
  });
  const { charge, refund } = payments;
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({
      workflowsPath,
      nexus: [payments, quotes],
      stallTimeout: '1s',
      resultTimeout: '4s',
    });
  });
  beforeEach(() => {
    charge.mockReset();
    refund.mockReset();
  });
  afterAll(() => env.teardown());
  const charges = () => env.execute<typeof workflows.charges>('charges', { args: [100] });
  const refunds = () => env.execute<typeof workflows.refunds>('refunds', { args: ['c1'] });

  it('run the test function', async () => {
    const { result } = await charges();

    expect(result).toEqual({ chargeId: 'o1 for 100' });
    expect(charge).toHaveBeenCalledWith({ orderId: 'o1', cents: 100 });
    expect(charge.temporalCalls).toEqual([
      {
        endpoint: 'payments',
        service: 'PaymentService',
        operation: 'charge',
        input: { orderId: 'o1', cents: 100 },
        attempt: 1,
      },
    ]);
  });

  it('are recorded like real operations, and replay as compatible', async () => {
    const handle = await env.start<typeof workflows.charges>('charges', { args: [100] });
    await handle.result();

    const { events } = await handle.fetchHistory();
    expect(events?.some((event) => event.nexusOperationCompletedEventAttributes)).toBe(true);
    await env.replayRuns();
  });

  it('may belong to a service given by name, with a value as outcome', async () => {
    expect(await env.execute<typeof workflows.quotes>('quotes')).toBe(19);
    expect(quotes.quote.temporalCalls[0]).toMatchObject({ operation: 'quote', input: 'o1' });
  });

  it('use the name of their definition on the wire', async () => {
    refund.mockResolvedValue(true);

    expect((await refunds()).result).toBe(true);
    expect(refund.temporalCalls[0]?.operation).toBe('refund-charge');
  });

  it('fail with an OperationError of the test function', async () => {
    const cause = nonRetryableFailure('card expired', 'CardExpired');
    charge.mockRejectedValue(new OperationError('failed', 'not charged', { cause }));

    expect((await charges()).failures).toEqual([
      OPERATION_FAILED,
      'ApplicationFailure: not charged',
      'ApplicationFailure: card expired',
    ]);
  });

  it('are cancelled by a canceled OperationError of the test function', async () => {
    charge.mockRejectedValue(new OperationError('canceled', 'not wanted'));

    expect((await charges()).failures).toEqual([OPERATION_FAILED, 'CancelledFailure: not wanted']);
  });

  it('fail with a HandlerError of the test function', async () => {
    charge.mockRejectedValue(new HandlerError('BAD_REQUEST', 'no cents'));

    expect((await charges()).failures).toEqual([OPERATION_FAILED, 'HandlerError: no cents']);
  });

  it('fail at once with a non-retryable ApplicationFailure', async () => {
    charge.mockRejectedValue(nonRetryableFailure('card expired'));

    expect((await charges()).failures?.at(-1)).toBe('ApplicationFailure: card expired');
    expect(charge).toHaveBeenCalledTimes(1);
  });

  it('are retried after any other error, in workflow time', async () => {
    charge.failTimes(2, new Error('lost')).mockResolvedValue({ chargeId: 'third' });

    const { result, elapsedMs } = await charges();

    expect(result).toEqual({ chargeId: 'third' });
    expect(elapsedMs).toBeGreaterThanOrEqual(2_000);
    expect(charge.temporalCalls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('take their delay in workflow time', async () => {
    charge.delay('9 seconds');

    expect((await charges()).elapsedMs).toBeGreaterThanOrEqual(9_000);
    expect(charge).toHaveBeenCalledTimes(1);
  });

  it('reject a delay longer than the request timeout of the server', () => {
    expect(() => charge.delay('10 seconds')).toThrow(/must take less than 10 s/);
  });

  it('block the skipping of time while they run', async () => {
    charge.mockImplementation(() => new Promise((done) => setTimeout(done, 300, { chargeId: 'slow' })));

    expect(await env.execute<typeof workflows.chargesWithinADay>('chargesWithinADay')).toBe('slow');
  });

  it('fail at once without an implementation', async () => {
    expect((await refunds()).failures?.[1]).toBe(
      'HandlerError: The workflow called the Nexus operation refund-charge("c1") of PaymentService, which this test does not mock. It mocks charge.',
    );
  });

  it('fail with an explanation when they are told to hang', async () => {
    charge.mockImplementation(hang());

    expect((await charges()).failures?.[1]).toContain(
      'HandlerError: The mock of the Nexus operation charge of PaymentService uses hang()',
    );
  });

  it('end the wait for a result if they fail repeatedly', async () => {
    charge.mockRejectedValue(new Error('the bank is down'));

    const { message } = await failureOf(charges());

    expect(message).toMatch(/The Nexus operation charge of PaymentService has failed \d+ times/);
    expect(message).toContain('Its last failure: the bank is down');
    await env.endFailedRuns();
  });

  it('end the wait for a result with the reason if one hangs', async () => {
    charge.mockImplementation(() => new Promise(() => undefined));

    const { message } = await failureOf(charges());

    expect(message).toContain(
      'The mock of the Nexus operation charge of PaymentService has been running for',
    );
  });

  it('are named with their endpoint if the endpoint has no mock', async () => {
    const { hint } = (await failureOf(env.execute('callsUnknownEndpoint'))) as Error & { hint?: string };

    expect(hint).toContain("mockNexusOperations({ endpoint: 'nowhere', … })");
  });
});

it('mocked Nexus operations run on the full server too, and leave no endpoint behind', async () => {
  const payments = mockPayments();
  const env = await createTestEnvironment({ workflowsPath, local: true, nexus: [payments] });
  const { operatorService } = env.client.connection as Connection;
  const endpointsOf = async (name: string) => (await operatorService.listNexusEndpoints({ name })).endpoints;
  try {
    const { result } = await env.execute<typeof workflows.charges>('charges', { args: [100] });
    expect(result).toEqual({ chargeId: 'o1 for 100' });

    const endpoints = new NexusEndpoints(env.client.connection as Connection, 'default');
    await endpoints.create('payments', 'another-queue');
    expect(await endpointsOf('payments')).toMatchObject([
      { spec: { target: { worker: { taskQueue: 'another-queue' } } } },
    ]);
    await endpoints.deleteAll();
    expect(await endpointsOf('payments')).toEqual([]);
  } finally {
    await env.teardown();
  }
});

it('the option nexus rejects values that mockNexusOperations has not returned', async () => {
  await expect(createTestEnvironment({ workflowsPath, nexus: [{}] })).rejects.toThrow(
    'The option nexus takes a list of values that mockNexusOperations(…) has returned.',
  );
});

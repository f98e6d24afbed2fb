/** Workflows that call the Nexus service of somebody else. */
import * as wf from '@temporalio/workflow';
import * as nexus from 'nexus-rpc';
import { PaymentService } from './payment-service';

export interface Seen {
  result?: unknown;
  /** Classes and messages of what the operation failed with, from the outside in. */
  failures?: string[];
  elapsedMs: number;
}

async function seen(operation: Promise<unknown>): Promise<Seen> {
  const startedAt = Date.now();
  try {
    return { result: await operation, elapsedMs: Date.now() - startedAt };
  } catch (err) {
    const failures: string[] = [];
    for (let e = err as Error | undefined; e; e = e.cause as Error | undefined)
      failures.push(`${e.name}: ${e.message}`);
    return { failures, elapsedMs: Date.now() - startedAt };
  }
}

const payments = () => wf.createNexusServiceClient({ service: PaymentService, endpoint: 'payments' });

export const charges = (cents: number): Promise<Seen> =>
  seen(
    payments().executeOperation('charge', { orderId: 'o1', cents }, { scheduleToCloseTimeout: '1 minute' }),
  );

export const refunds = (chargeId: string): Promise<Seen> =>
  seen(payments().executeOperation('refund', chargeId));

/** Gives up after a day. */
export async function chargesWithinADay(): Promise<string> {
  return Promise.race([
    payments()
      .executeOperation('charge', { orderId: 'o1', cents: 1 })
      .then(({ chargeId }) => chargeId),
    wf.sleep('1 day').then(() => 'too late'),
  ]);
}

/** Of a service whose definition the test has not. */
export async function quotes(): Promise<unknown> {
  const service = nexus.service('QuoteService', { quote: nexus.operation<string, number>() });
  return wf.createNexusServiceClient({ service, endpoint: 'quotes' }).executeOperation('quote', 'o1');
}

export async function callsUnknownEndpoint(): Promise<boolean> {
  const client = wf.createNexusServiceClient({ service: PaymentService, endpoint: 'nowhere' });
  return client.executeOperation('refund', 'c1');
}

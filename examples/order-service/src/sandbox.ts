import { ApplicationFailure } from '@temporalio/common';
import { Context, sleep } from '@temporalio/activity';

/**
 * The world outside: payment provider, carrier, supplier, tax office. As real ones do in their sandboxes, these answer
 * certain values in certain ways, so that each path can be tried:
 *
 * | value                    | what happens                                                   |
 * | ------------------------ | -------------------------------------------------------------- |
 * | token `tok_declined`     | the card is declined: no retry helps                           |
 * | token `tok_flaky`        | the provider is down for the first two tries                   |
 * | token `tok_down`         | the provider stays down                                        |
 * | token `tok_slow`         | the charge takes a minute, and can be cancelled                |
 * | postal code `00000`      | the carrier does not go there                                  |
 * | region `XX-flaky`        | the tax office is down for the first try                       |
 * | region `XX-slow`         | the tax office takes three seconds                             |
 * | SKU `stall-…`            | the supplier's line goes dead in the first try                 |
 * | SKU `slow-…`             | the supplier takes a minute                                    |
 * | SKU `gone-…`             | the supplier no longer has it                                  |
 * | customer `cust-suspect`  | looks like fraud                                               |
 */

/** A failure that retrying may cure: the retry policies decide how often. */
const unavailable = (who: string): ApplicationFailure =>
  ApplicationFailure.retryable(`${who} is unavailable`, 'Unavailable');

const attempt = (): number => Context.current().info.attempt;

/** Waits and heartbeats, so that a cancellation or a lost worker is noticed within a second. */
async function waitWithHeartbeats(seconds: number): Promise<void> {
  for (let second = 1; second <= seconds; second++) {
    await sleep('1 second');
    Context.current().heartbeat({ second });
  }
}

export async function charge(token: string): Promise<void> {
  if (token === 'tok_declined') throw ApplicationFailure.nonRetryable('Card declined', 'CardDeclined');
  if (token === 'tok_down' || (token === 'tok_flaky' && attempt() < 3)) throw unavailable('Payment provider');
  if (token === 'tok_slow') await waitWithHeartbeats(60);
}

export function checkDeliverable(postalCode: string): void {
  if (postalCode === '00000') {
    throw ApplicationFailure.nonRetryable(`No carrier delivers to ${postalCode}`, 'AddressUndeliverable');
  }
}

/** Tax in thousandths. */
export async function taxRate(region: string): Promise<number> {
  if (region === 'XX-flaky' && attempt() < 2) throw unavailable('Tax office');
  if (region === 'XX-slow') await sleep('3 seconds');
  return region.startsWith('DE') ? 190 : 80;
}

export async function supply(sku: string): Promise<void> {
  if (sku.startsWith('gone-'))
    throw ApplicationFailure.nonRetryable(`${sku} is discontinued`, 'SkuDiscontinued');
  if (sku.startsWith('slow-')) await waitWithHeartbeats(60);
  Context.current().heartbeat({ ordered: true });
  if (sku.startsWith('stall-') && attempt() === 1) await sleep('1 minute');
}

/** 0 (trusted) to 100 (certainly fraud). */
export const fraudScore = (customerId: string): number => (customerId === 'cust-suspect' ? 97 : 3);

import { type Sinks, log, proxySinks, sleep } from '@temporalio/workflow';

/** The sandbox lacks this class: the bundle has it of the worker's plugin. */
declare class Polyfilled {}
class Receipt extends Polyfilled {}

export interface AuditSinks extends Sinks {
  audit: { record(text: string): void };
}
const { audit } = proxySinks<AuditSinks>();

class OutOfStock extends Error {
  override readonly name = 'OutOfStock';
}

/** Returns a receipt. Without items, it fails by an error that ends the workflow. */
export async function order(items: string[]): Promise<string> {
  audit.record(`ordered ${items.join(' and ')}`);
  await sleep(10);
  if (items.length === 0) throw new OutOfStock('none left');
  log.info('packed');
  return `${new Receipt().constructor.name}: ${items.join(', ')}`;
}

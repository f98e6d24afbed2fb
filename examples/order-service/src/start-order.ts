import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { startOrder } from './client';

/** `npm run order -- <order id> [payment token]`: sends one order, prints what becomes of it. */
async function main([orderId = `order-${Date.now()}`, paymentToken = 'tok_visa']: string[]): Promise<void> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect(connectionOptions);
  try {
    const order = await startOrder(new Client({ connection, namespace }), {
      orderId,
      customerId: 'cust-anna',
      items: [{ sku: 'coffee-beans', quantity: 2 }],
      paymentToken,
      address: { street: 'Hauptstr. 5', postalCode: '10827', country: 'de' },
      region: 'DE',
    });
    console.log(
      `started ${order.workflowId}; signal carrierUpdate to ${order.workflowId}-shipment to deliver it`,
    );
    console.log(await order.result());
  } finally {
    await connection.close();
  }
}

main(process.argv.slice(2)).catch((err: unknown) => {
  console.error(err);
  process.exitCode = 1;
});

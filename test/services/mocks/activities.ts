/** The real activities of the service whose workflows the tests of the mocks run. */
export async function chargeCard(orderId: string, cents: number): Promise<{ chargeId: string }> {
  return { chargeId: `real-${orderId}-${cents}` };
}

export async function ship(orderId: string): Promise<string> {
  return `real tracking of ${orderId}`;
}

export async function quote(orderId: string): Promise<number> {
  return orderId.length;
}

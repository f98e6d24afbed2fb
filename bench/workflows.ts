import { proxyActivities } from '@temporalio/workflow';

const { step } = proxyActivities<{ step(order: { id: string; line: number }): Promise<string> }>({
  startToCloseTimeout: '1 minute',
});

/** Makes six events in each round, and five more at the start and the end. */
export async function loop(rounds: number): Promise<number> {
  let letters = 0;
  for (let line = 0; line < rounds; line++) letters += (await step({ id: 'order-17', line })).length;
  return letters;
}

import { proxyActivities, sleep } from '@temporalio/workflow';
import { TemporalAgent, workflow } from '@temporalio/strands-agents';
import { z } from 'zod';
import type * as activities from './activities';

const { publish } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

/** Lets an agent answer, which asks for the temperature of a city first, and publishes its answer. */
export async function forecast(city: string): Promise<string> {
  const agent = new TemporalAgent({
    model: 'forecaster',
    activityOptions: { startToCloseTimeout: '1 minute' },
    tools: [
      workflow.activityAsTool('temperature', {
        description: 'Temperature of a city',
        inputSchema: z.object({ city: z.string() }),
        activityOptions: { startToCloseTimeout: '1 minute' },
      }),
    ],
  });
  const result = await agent.invoke(`What is the weather in ${city}?`);
  await sleep(10);
  await publish(result.toString());
  return result.toString();
}

import { Agent } from '@openai/agents-core';
import { activityAsTool, TemporalOpenAIRunner } from '@temporalio/openai-agents/workflow';
import { proxyActivities, sleep } from '@temporalio/workflow';
import type * as activities from './activities';

const { publish } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

/** Lets an agent answer, which asks for the temperature of a city first, and publishes its answer. */
export async function forecast(city: string): Promise<string> {
  const agent = new Agent({
    name: 'Forecaster',
    instructions: 'Answer in one sentence.',
    model: 'forecaster',
    tools: [
      activityAsTool<typeof activities.temperature>(
        {
          name: 'temperature',
          description: 'Temperature of a city',
          parameters: {
            type: 'object',
            properties: { city: { type: 'string' } },
            required: ['city'],
            additionalProperties: false,
          },
        },
        { startToCloseTimeout: '1 minute' },
      ),
    ],
  });
  const result = await new TemporalOpenAIRunner().run(agent, `What is the weather in ${city}?`);
  await sleep(10);
  await publish(result.finalOutput ?? '');
  return result.finalOutput ?? '';
}

import { temporalProvider } from '@temporalio/ai-sdk/workflow';
import { proxyActivities, sleep } from '@temporalio/workflow';
import { generateText, stepCountIs, tool } from 'ai';
import { z } from 'zod';
import type * as activities from './activities';

const { temperature, publish } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

/** Asks a model, which asks for the temperature of a city first, and publishes its answer. */
export async function forecast(city: string): Promise<string> {
  const { text } = await generateText({
    model: temporalProvider.languageModel('forecaster'),
    prompt: `What is the weather in ${city}?`,
    tools: {
      temperature: tool({
        description: 'Temperature of a city',
        inputSchema: z.object({ city: z.string() }),
        execute: (input) => temperature(input.city),
      }),
    },
    stopWhen: stepCountIs(3),
  });
  await sleep(10);
  await publish(text);
  return text;
}

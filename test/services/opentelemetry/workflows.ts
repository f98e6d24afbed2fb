import { trace } from '@opentelemetry/api';
import { proxyActivities, sleep } from '@temporalio/workflow';
import type * as activities from './activities';

const { temperature, publish } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });
const tracer = trace.getTracer('forecast');

/** Publishes a forecast, and traces a step of its own beside the activities. */
export async function forecast(city: string): Promise<string> {
  const degrees = await tracer.startActiveSpan('measure', async (span) => {
    const measured = await temperature(city);
    span.end();
    return measured;
  });
  const text = degrees > 20 ? 'It is warm.' : 'It is mild.';
  await sleep(10);
  await publish(text);
  return text;
}

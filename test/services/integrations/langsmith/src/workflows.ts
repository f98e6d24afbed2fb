import { proxyActivities, sleep } from '@temporalio/workflow';
import { traceable } from 'langsmith/traceable';
import type * as activities from './activities';

const { temperature, publish } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

/** Traces a step of its own beside the activities, and publishes its outcome. */
export async function forecast(city: string): Promise<string> {
  const describe = traceable(
    async (name: string) => {
      const degrees = await temperature(name);
      return degrees > 20 ? 'It is warm.' : 'It is mild.';
    },
    { name: 'describe' },
  );
  const text = await describe(city);
  await sleep(10);
  await publish(text);
  return text;
}

import { proxyActivities } from '@temporalio/workflow';
import './extend-reflect';

const { quick } = proxyActivities<{ quick(text: string): Promise<string> }>({
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 2, initialInterval: '20ms' },
});

export async function withContainer(): Promise<string> {
  return `${Reflect.get(Reflect, 'tag') as string} ${await quick('r')}`;
}

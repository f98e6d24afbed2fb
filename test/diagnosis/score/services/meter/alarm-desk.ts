import * as workflow from '@temporalio/workflow';
import { device } from './device';
import type { Alarm } from './types';

export const raiseAlarm = workflow.defineSignal<[Alarm]>('raiseAlarm');
export const goHome = workflow.defineSignal('goHome');

/** Takes the alarms of all meters of a site, one after the other. */
export async function alarmDesk(site: string): Promise<number> {
  const waiting: Alarm[] = [];
  let open = true;
  let handled = 0;
  workflow.setHandler(raiseAlarm, (alarm) => void waiting.push(alarm));
  workflow.setHandler(goHome, () => {
    open = false;
  });

  while (open || waiting.length > 0) {
    await workflow.condition(() => !open || waiting.length > 0);
    const alarm = waiting.shift();
    if (alarm === undefined) continue;
    const ticket = await device.dispatchTechnician({ site, meterId: alarm.meterId });
    await workflow.sleep('1 second');
    await device.closeTicket({ ticket });
    handled += 1;
  }
  return handled;
}

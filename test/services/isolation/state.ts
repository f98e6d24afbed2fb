import { proxyActivities } from '@temporalio/workflow';

const { note, quick } = proxyActivities<{
  note(id: string, step: number): Promise<void>;
  quick(text: string): Promise<string>;
}>({ startToCloseTimeout: '10s' });

/** State of the module, of which each workflow has its own. */
let step = 0;
const undo: string[] = [];

export async function booking(id: string): Promise<number> {
  step++;
  undo.push(id);
  await note(id, step);
  step++;
  for (const one of undo) await quick(`undo ${one}`);
  return step;
}

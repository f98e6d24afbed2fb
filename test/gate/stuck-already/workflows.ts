import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

const { a, b } = proxyActivities<Record<'a' | 'b', () => Promise<string>>>({
  startToCloseTimeout: '10s',
});

/** The code that began the recorded runs. Tests deploy worse code, by an edit. */
export async function stuck(): Promise<void> {
  await a();
  let go = false;
  setHandler(defineSignal('go'), () => void (go = true));
  await condition(() => go);
  await b();
}

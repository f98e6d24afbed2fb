/** The workflows whose real histories lie in `histories/`: one of each way in which commands and events can meet. */
import * as wf from '@temporalio/workflow';

interface Activities {
  act(value: unknown): Promise<unknown>;
  act2(value: unknown): Promise<unknown>;
}

const { act, act2 } = wf.proxyActivities<Activities>({ startToCloseTimeout: '1m' });
const { la } = wf.proxyLocalActivities<{ la(value: unknown): Promise<unknown> }>({
  startToCloseTimeout: '1m',
});

export const go = wf.defineSignal<[string]>('go');
export const upd = wf.defineUpdate<string, [string]>('upd');

/** Activities, a local activity, parallel branches, a condition with a timeout, an update, a signal, a memo. */
export async function simple(input: { n: number }): Promise<string> {
  let got = '';
  wf.setHandler(go, (value) => {
    got = value;
  });
  wf.setHandler(upd, async (value) => {
    await wf.sleep(5);
    return value + '!';
  });
  const a = await act(input.n);
  await la(1);
  await Promise.all([act2({ a }), wf.sleep(10)]);
  if (!(await wf.condition(() => got !== '', '2s'))) return 'timeout';
  wf.upsertMemo({ x: 1 });
  return got + wf.uuid4() + wf.workflowInfo().taskQueue;
}

export async function patchy(): Promise<void> {
  if (wf.patched('p1')) {
    await act(1);
  } else {
    await act2(1);
  }
  await wf.sleep(5);
}

/** Cancelled while a timer and an activity run. */
export async function cancelly(): Promise<void> {
  try {
    await wf.CancellationScope.cancellable(async () => {
      await Promise.all([wf.sleep('1h'), act('slow')]);
    });
  } catch (err) {
    await wf.CancellationScope.nonCancellable(async () => {
      await act2('comp');
    });
    throw err;
  }
}

/** Still open. */
export async function waiting(): Promise<void> {
  await act(1);
  await wf.sleep('1h');
}

export async function many(n: number): Promise<number> {
  for (let i = 0; i < n; i++) {
    await act(i);
  }
  return n;
}

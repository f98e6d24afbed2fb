import * as wf from '@temporalio/workflow';

interface Activities {
  rest(): Promise<string>;
}
const { rest } = wf.proxyActivities<Activities>({
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 2 },
});
const { rest: restLocally } = wf.proxyLocalActivities<Activities>({
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 1 },
});

export async function month(): Promise<string> {
  await wf.sleep('30 days');
  return 'a month later';
}

export async function quick(): Promise<void> {}

export async function slow(): Promise<void> {
  await wf.sleep('2 hours');
}

export async function fails(): Promise<void> {
  throw wf.ApplicationFailure.nonRetryable('no');
}

export async function forever(): Promise<void> {
  await wf.condition(() => false);
}

interface Child {
  type: string;
  id: string;
  policy?: 'ABANDON' | 'REQUEST_CANCEL';
  workflowRunTimeout?: wf.ChildWorkflowOptions['workflowRunTimeout'];
  awaitsStart?: boolean;
}

/** Ends while its child is open. */
export async function leaves({ type, id, policy, awaitsStart, ...options }: Child): Promise<void> {
  const start = wf.startChild(type, {
    workflowId: id,
    parentClosePolicy: policy ?? 'ABANDON',
    ...options,
  });
  if (awaitsStart !== false) await start;
}

export const rests = (): Promise<string> => rest();
export const restsLocally = (): Promise<string> => restLocally();

/** Does not wait for its activity to the end. */
export const races = (): Promise<string> =>
  Promise.race([rest(), wf.sleep('10 seconds').then(() => 'the timer won')]);

export async function cancelsRest(): Promise<string> {
  const scope = new wf.CancellationScope();
  const resting = scope.run(() => rest());
  await wf.sleep('5 seconds');
  scope.cancel();
  return resting.catch((err: unknown) => (wf.isCancellation(err) ? 'cancelled' : 'failed'));
}

export const awaitsChild = (type: string): Promise<unknown> => wf.executeChild(type);

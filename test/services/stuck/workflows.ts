import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  executeChild,
  proxyActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';

const { charge } = proxyActivities<{ charge(): Promise<string> }>({ startToCloseTimeout: '1 minute' });

export async function charges(): Promise<string> {
  return charge();
}

export async function again(times: number): Promise<void> {
  await continueAsNew<typeof again>(times + 1);
}

export async function childElsewhere(): Promise<void> {
  await executeChild('ofAnotherTeam', { taskQueue: 'another-team' });
}

export async function month(): Promise<void> {
  await sleep('30 days');
}

export async function everyMonth(): Promise<void> {
  for (;;) await sleep('30 days');
}

export async function parentOfMonths(): Promise<void> {
  await executeChild(everyMonth);
}

export const addAtOnce = defineUpdate<string>('addAtOnce');
export const addAfterADay = defineUpdate<string>('addAfterADay');
export const addWhenApproved = defineUpdate<string>('addWhenApproved');
export const addWrongly = defineUpdate<string>('addWrongly');
export const approve = defineSignal('approve');
export const state = defineQuery<string>('state');

/** Takes updates for a month. */
export async function basket(): Promise<void> {
  let isApproved = false;
  setHandler(addAtOnce, () => 'added');
  setHandler(addAfterADay, async () => {
    await sleep('1 day');
    return 'added';
  });
  setHandler(addWhenApproved, async () => {
    await condition(() => isApproved);
    return 'added';
  });
  setHandler(addWrongly, () => (undefined as unknown as { field: string }).field);
  setHandler(approve, () => void (isApproved = true));
  await sleep('30 days');
}

/** Waits for what no timer brings. */
export async function openBasket(): Promise<void> {
  setHandler(addWhenApproved, async () => {
    await condition(() => false);
    return 'added';
  });
  await condition(() => false);
}

export async function brokenBasket(): Promise<void> {
  setHandler(state, () => 'empty');
  await sleep(1);
  throw new TypeError('broken');
}

export async function everyMinute(): Promise<void> {
  for (;;) await sleep('1 minute');
}

export async function shortBasket(): Promise<void> {
  setHandler(state, () => 'empty');
  await sleep(1);
}

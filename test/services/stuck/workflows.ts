import { continueAsNew, executeChild, proxyActivities, sleep } from '@temporalio/workflow';

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

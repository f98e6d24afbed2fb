/** Workflows that do everything that a workflow can do, as their script says. Their memo holds what they saw. */
import * as wf from '@temporalio/workflow';
import { EveryService } from './nexus-service';
import type { ActivityName, LeafEnd, Script, Step } from './script';

type Activities = Record<ActivityName, (text: string) => Promise<string>>;

export const poke = wf.defineSignal<[string]>('poke');
export const change = wf.defineUpdate<string, [string]>('change');

export async function leaf(ends: LeafEnd): Promise<string> {
  if (ends === 'slow' || ends === 'slowFail')
    await wf.CancellationScope.nonCancellable(() => wf.sleep(1_500));
  if (ends === 'fail' || ends === 'slowFail')
    throw wf.ApplicationFailure.create({ message: 'leaf failed', type: 'Leaf', nonRetryable: true });
  if (ends === 'hang') await wf.sleep('1 hour');
  return 'leaf';
}

export async function play({ steps, ends }: Script): Promise<string[]> {
  const log: string[] = [];
  let pokes = 0;
  wf.setHandler(poke, async (text) => {
    pokes++;
    if (text === 'work') await attempt(log, () => activity('ok', {}));
  });
  wf.setHandler(
    change,
    async (text) => {
      log.push(`changed to ${text}`);
      if (text === 'slow') await wf.sleep(30);
      if (text === 'local') await localActivity('ok', {});
      if (text === 'wrong') throw wf.ApplicationFailure.nonRetryable('wrong change');
      return `${text} ${wf.uuid4().length}`;
    },
    {
      validator: (text) => {
        if (text === 'refused') throw new Error('refused');
      },
    },
  );
  try {
    for (const step of steps) await run(step, { log, pokes: () => pokes });
  } catch (err) {
    if (!wf.isCancellation(err)) throw err;
    await wf.CancellationScope.nonCancellable(() => activity('ok', {}));
    wf.upsertMemo({ log });
    throw err;
  }
  await wf.condition(wf.allHandlersFinished);
  wf.upsertMemo({ log });
  if (ends === 'fail') throw wf.ApplicationFailure.create({ message: 'script failed', details: [log] });
  if (ends === 'continueAsNew' && steps.length > 0) await wf.continueAsNew<typeof play>({ steps: [], ends });
  if (ends === 'hang') await wf.condition(() => false);
  return log;
}

interface Played {
  log: string[];
  pokes: () => number;
}

const activityOf = (activities: Activities, name: ActivityName): Promise<string> => activities[name](name);

const activity = (
  name: ActivityName,
  {
    cancellation = 'TRY_CANCEL',
    attempts = 1,
    timeoutMs = 5_000,
  }: Partial<Extract<Step, { do: 'activity' | 'localActivity' }>>,
): Promise<string> =>
  activityOf(
    wf.proxyActivities<Activities>({
      startToCloseTimeout: timeoutMs,
      heartbeatTimeout: 2_000,
      cancellationType: cancellation,
      retry: { maximumAttempts: attempts, initialInterval: 10 },
    }),
    name,
  );

const localActivity = (
  name: ActivityName,
  {
    cancellation = 'TRY_CANCEL',
    attempts = 1,
    timeoutMs = 5_000,
  }: Partial<Extract<Step, { do: 'activity' | 'localActivity' }>>,
): Promise<string> =>
  activityOf(
    wf.proxyLocalActivities<Activities>({
      startToCloseTimeout: timeoutMs,
      cancellationType: cancellation,
      retry: { maximumAttempts: attempts, initialInterval: name === 'flaky' ? 300 : 10 },
      localRetryThreshold: 100,
    }),
    name,
  );

async function run(step: Step, played: Played): Promise<void> {
  const { log, pokes } = played;
  switch (step.do) {
    case 'sleep':
      return await attempt(log, () => wf.sleep(step.ms));
    case 'activity':
      return await attempt(log, () => activity(step.name, step));
    case 'localActivity':
      return await attempt(log, () => localActivity(step.name, step));
    case 'child':
      return await attempt(log, () =>
        wf.executeChild(leaf, {
          args: [step.ends],
          cancellationType: step.cancellation,
          workflowExecutionTimeout: step.timeoutMs,
          parentClosePolicy: 'TERMINATE',
          ...(step.sameId && { workflowId: wf.workflowInfo().workflowId }),
        }),
      );
    case 'nexus':
      return await attempt(log, () =>
        wf
          .createNexusServiceClient({ service: EveryService, endpoint: 'every' })
          .executeOperation(step.operation, step.operation, {
            cancellationType: step.cancellation,
            scheduleToCloseTimeout: step.timeoutMs,
          }),
      );
    case 'signalOther':
      return await attempt(log, () =>
        wf.getExternalWorkflowHandle(step.workflowId).signal(poke, 'from outside'),
      );
    case 'cancelOther':
      return await attempt(log, () => wf.getExternalWorkflowHandle(step.workflowId).cancel());
    case 'patched':
      return void log.push(`patched ${step.id} ${wf.patched(step.id)}`);
    case 'deprecatePatch':
      return wf.deprecatePatch(step.id);
    case 'upsert':
      return wf.upsertSearchAttributes({ OrderStatus: [step.value] });
    case 'memo':
      return wf.upsertMemo({ value: step.value, id: wf.uuid4(), at: Date.now() });
    case 'signals':
      return await attempt(log, () => wf.condition(() => pokes() >= step.count, step.timeoutMs));
    case 'all':
      return void (await Promise.all(step.steps.map((one) => run(one, played))));
    case 'race':
      return await Promise.race(step.steps.map((one) => run(one, played)));
    case 'sequence':
      for (const one of step.steps) await run(one, played);
      return;
    case 'cancelled': {
      const scope = new wf.CancellationScope();
      const running = scope.run(async () => {
        await Promise.all(step.steps.map((one) => run(one, played)));
      });
      if (step.after) await run(step.after, played);
      scope.cancel();
      return await attempt(log, () => running);
    }
    case 'protected':
      return await wf.CancellationScope.nonCancellable(async () => {
        for (const one of step.steps) await run(one, played);
      });
  }
}

/** Notes the result or the chain of failures. A cancellation of the workflow itself goes on. */
async function attempt(log: string[], work: () => Promise<unknown>): Promise<void> {
  try {
    log.push(JSON.stringify((await work()) ?? null));
  } catch (err) {
    const chain: string[] = [];
    for (let e = err as Error | undefined; e; e = e.cause as Error | undefined)
      chain.push(
        `${e.name}(${e.message}) ${JSON.stringify({ ...e, cause: undefined, failure: undefined, stack: undefined })}`,
      );
    log.push(chain.join(' < '));
    if (wf.isCancellation(err) && wf.CancellationScope.current().consideredCancelled) throw err;
  }
}

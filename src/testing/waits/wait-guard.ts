import { setMaxListeners } from 'node:events';
import type { Connection } from '@temporalio/client';
import { isTemporalReplayError, TemporalReplayError } from '../../errors';
import type { ActivityRunner } from '../activities/activity-runner';
import { ownErrorIn } from '../connection/await-server-call';
import { captureCallerStack } from '../connection/capture-caller-stack';
import type { AwaitedCall } from '../connection/client';
import type { RunRegistry } from '../runs/run-registry';
import type { TestTime } from '../time/test-time';
import { nameOfCall } from './name-of-call';
import { nameUnmockedActivity } from './name-unmocked-activity';
import type { WaitProblems } from './wait-problems';
import { waitUntil } from './wait-until';
import { pause } from '../time/clock';

export interface WaitGuardOptions {
  connection: Connection;
  runs: RunRegistry;
  activities: Pick<ActivityRunner, 'running'>;
  time: TestTime;
  problems: WaitProblems;
  /** Limit on a wait, in real ms. */
  timeoutMs: number;
  /** Resolves once the messages that the test worker has sent so far have arrived. */
  settled(): Promise<void>;
  /** Returns the reason why the test worker has exited; null while it runs. */
  testWorkerFailure(): TemporalReplayError | null;
}

/**
 * Real time without activity before time is skipped for an update. Most updates take no workflow time, and their answer takes a while on
 * a busy machine.
 */
const UPDATE_QUIET_MS = 500;
const LOOK_EVERY_MS = 100;

/** Guards waits for results, updates, queries and sleeps: ends a wait that would never end, with the reason. */
export class WaitGuard {
  /** The pending waits, each with a function that ends it. */
  private readonly pending = new Map<Promise<unknown>, () => void>();

  constructor(private readonly options: WaitGuardOptions) {}

  /** @throws WORKFLOW_TASK_FAILED, WORKFLOW_STALLED, TEST_WORKER_GONE, USAGE, or the error of `wait` */
  wait<T>(awaited: AwaitedCall, wait: () => Promise<T>): Promise<T> {
    let end: () => void = () => undefined;
    const ended = new Promise<never>((_, fail) => (end = () => fail(notAwaitedError(awaited))));
    ended.catch(() => undefined);
    const answer = this.guarded(awaited, wait, ended);
    this.pending.set(answer, end);
    const forget = (): void => void this.pending.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  /** Ends the waits that a test has not awaited. Each of them would let time pass in the next test. */
  async endAll(): Promise<void> {
    for (const end of this.pending.values()) end();
    await Promise.allSettled(this.pending.keys());
  }

  private async guarded<T>(awaited: AwaitedCall, wait: () => Promise<T>, ended: Promise<never>): Promise<T> {
    const { connection, runs, problems } = this.options;
    const withCallerStack = captureCallerStack();
    const abort = new AbortController();
    // A long wait consists of many calls, such as one for each run of a chain, and each listens.
    setMaxListeners(0, abort.signal);
    const race = (): Promise<T> => {
      const answer = connection
        .withAbortSignal(abort.signal, wait)
        .catch(async (err: unknown) => Promise.reject((await problems.reasonOfTimeout(awaited, err)) ?? err));
      // The rejection of an aborted call is unhandled if the guard ends the wait first.
      answer.catch(() => undefined);
      return Promise.race([answer, this.problemOf(awaited, abort.signal), ended]);
    };
    // A query does not make its workflow go on.
    const isQuery = awaited.kind === 'query';
    if (!isQuery) runs.recordActivity();
    try {
      return await this.skippingTime(awaited, race);
    } catch (err) {
      const cause = this.options.testWorkerFailure() ?? ownErrorIn(err) ?? err;
      throw isTemporalReplayError(cause) || nameUnmockedActivity(cause) ? withCallerStack(cause) : cause;
    } finally {
      abort.abort();
      if (!isQuery) {
        runs.recordActivity();
        await this.options.settled();
      }
    }
  }

  /**
   * Lets time pass as a call needs it: freely for a result, and step by step for an update, whose answer would otherwise come after the
   * server has skipped to the next timer. A query takes no workflow time, and a sleep lets time pass by itself.
   */
  private async skippingTime<T>(awaited: AwaitedCall, call: () => Promise<T>): Promise<T> {
    const { time, runs, activities, timeoutMs } = this.options;
    if (awaited.kind === 'result') return time.skippingWhile(call, awaited.workflowId);
    const answer = call();
    if (awaited.kind !== 'update' || !time.canSkip) return answer;
    let isAnswered = false;
    const runningActivities = (): number => activities.running.length;
    const context = { runs, time, runningActivities, quietMs: UPDATE_QUIET_MS };
    // An update that is not answered is reported by `problemOf`, with the reason.
    waitUntil(() => isAnswered, context, { timeoutMs }).catch(() => undefined);
    return answer.finally(() => (isAnswered = true));
  }

  /** Rejects with the problem of a wait; stays pending after the wait has ended. */
  private async problemOf(awaited: AwaitedCall, signal: AbortSignal): Promise<never> {
    const findProblem = this.options.problems.observe(awaited);
    for (;;) {
      await pause(LOOK_EVERY_MS);
      if (signal.aborted) return new Promise<never>(() => undefined);
      const failure = this.options.testWorkerFailure();
      if (failure) throw failure;
      const problem = await findProblem();
      if (problem && !signal.aborted) throw problem;
    }
  }
}

const notAwaitedError = (awaited: AwaitedCall): TemporalReplayError =>
  new TemporalReplayError(
    'USAGE',
    `${nameOfCall(awaited)} was still waited for when the environment ended.`,
    {
      hint: 'Await it in the test, or let the environment live longer.',
    },
  );

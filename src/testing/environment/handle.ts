import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { QueryDefinition, Workflow } from '@temporalio/common';
import { TemporalReplayError } from '../../errors';
import type { UntilOptions } from '../waits/wait-until';

/** How often it is asked whether the workflow has ended. */
const LOOK_EVERY_MS = 200;
const ENDED = new Set<string>(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

type AnyQuery<Result, Args extends unknown[]> = QueryDefinition<Result, Args> | string;

/** A handle whose waits never hang, with what tests need beside. */
export interface TestWorkflowHandle<W extends Workflow> extends WorkflowHandleWithFirstExecutionRunId<W> {
  /**
   * Waits until a query's answer is as wanted, and returns it. Workflow time passes for it where nothing else goes on.
   *
   * @throws WORKFLOW_STALLED with the last answer
   */
  waitFor<Result>(
    query: AnyQuery<Result, []>,
    isWanted: (answer: Result) => boolean,
    options?: Pick<UntilOptions, 'timeoutMs'>,
  ): Promise<Result>;
}

export type Until = (isTrue: () => Promise<boolean>, options: UntilOptions) => Promise<void>;

export function testHandleOf<W extends Workflow>(
  handle: WorkflowHandleWithFirstExecutionRunId<W>,
  until: Until,
): TestWorkflowHandle<W> {
  return Object.assign(handle, {
    async waitFor<Result>(
      query: AnyQuery<Result, []>,
      isWanted: (answer: Result) => boolean,
      options: Pick<UntilOptions, 'timeoutMs'> = {},
    ): Promise<Result> {
      let answer: Result | undefined;
      let lookAtMs = 0;
      const name = typeof query === 'string' ? query : query.name;
      const ask = async (): Promise<boolean> => {
        answer = await handle.query<Result, []>(query as QueryDefinition<Result, []>);
        return isWanted(answer);
      };
      const what = (): string => `The query ${name}, which last answered ${JSON.stringify(answer)},`;
      await until(
        async () => {
          if (await ask()) return true;
          if (Date.now() < lookAtMs) return false;
          lookAtMs = Date.now() + LOOK_EVERY_MS;
          const { status } = await handle.describe();
          if (!ENDED.has(status.name)) return false;
          // Its last task may have come between.
          if (await ask()) return true;
          throw new TemporalReplayError(
            'WORKFLOW_STALLED',
            `${what()} cannot become true any more: the workflow has ended (${status.name}).`,
            { hint: 'Await handle.result() to see why, where it was not to end.' },
          );
        },
        { ...options, what },
      );
      return answer as Result;
    },
  });
}

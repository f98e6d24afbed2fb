import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { QueryDefinition, Workflow } from '@temporalio/common';
import { TemporalReplayError } from '../../errors';
import type { UntilOptions } from '../waits/wait-until';
import { nowMs } from '../time/clock';

/** Interval at which the status of the workflow is fetched. */
const DESCRIBE_EVERY_MS = 200;
const ENDED = new Set<string>(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

type AnyQuery<Result, Args extends unknown[]> = QueryDefinition<Result, Args> | string;

/** The SDK's handle of a workflow, whose waits never hang, with a method for tests. */
export interface TestWorkflowHandle<W extends Workflow> extends WorkflowHandleWithFirstExecutionRunId<W> {
  /**
   * Waits until a query returns the wanted answer, and returns that answer. Skips workflow time while nothing else goes on.
   *
   * @param isWanted returns true for the wanted answer
   * @throws WORKFLOW_STALLED, with the last answer in the message, if the query does not return it in time
   */
  waitFor<Result>(
    query: AnyQuery<Result, []>,
    isWanted: (answer: Result) => boolean,
    options?: Pick<UntilOptions, 'timeoutMs'>,
  ): Promise<Result>;
}

/** Waits until a condition is true, as `env.until` does. */
export type Until = (isTrue: () => Promise<boolean>, options: UntilOptions) => Promise<void>;

/** Adds the methods of a test handle to a handle of the SDK. */
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
          if (nowMs() < lookAtMs) return false;
          lookAtMs = nowMs() + DESCRIBE_EVERY_MS;
          const { status } = await handle.describe();
          if (!ENDED.has(status.name)) return false;
          // The last workflow task may have completed between the query and this.
          if (await ask()) return true;
          throw new TemporalReplayError(
            'WORKFLOW_STALLED',
            `${what()} cannot become true any more: the workflow has ended (${status.name}).`,
            { hint: 'If it should not have ended, await handle.result() to see why.' },
          );
        },
        { ...options, what },
      );
      return answer as Result;
    },
  });
}

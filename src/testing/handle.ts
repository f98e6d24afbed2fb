import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { QueryDefinition, Workflow } from '@temporalio/common';
import type { UntilOptions } from './wait-until';

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
      const name = typeof query === 'string' ? query : query.name;
      await until(
        async () => {
          answer = await handle.query<Result, []>(query as QueryDefinition<Result, []>);
          return isWanted(answer);
        },
        { ...options, what: () => `The query ${name}, which last answered ${JSON.stringify(answer)},` },
      );
      return answer as Result;
    },
  });
}

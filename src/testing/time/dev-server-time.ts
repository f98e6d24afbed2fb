import type { Connection } from '@temporalio/client';
import { realTime } from './real-time';
import type { TestTime } from './test-time';

/** Setting of the dev server without which it refuses time skipping (`temporal server start-dev` 1.9.1, server 1.32.0). */
export const ALLOW_TIME_SKIPPING = [
  '--dynamic-config-value',
  'frontend.WorkflowTimeSkippingEnabled=true',
] as const;

const FIELD = 'time_skipping_config';

/**
 * The time of the full server. It is real, but for the timers of a workflow whose result is awaited: the server (1.32.0) can skip
 * them for each workflow by itself, and children that begin meanwhile inherit that. A server or SDK without it leaves time real.
 * `test/testing/time/dev-server-time.test.ts` holds it.
 */
export function devServerTime(connection: Connection, namespace: string): TestTime {
  const { workflowService } = connection;

  /** Returns false if the server refuses, as for a workflow that has ended. */
  const setSkipping = (workflowId: string, enabled: boolean): Promise<boolean> =>
    workflowService
      .updateWorkflowExecutionOptions({
        ...{ namespace, workflowExecution: { workflowId } },
        workflowExecutionOptions: { timeSkippingConfig: { enabled } },
        updateMask: { paths: [FIELD] },
      })
      .then(
        () => true,
        () => false,
      );

  /** Begins to skip the timers of a workflow and of its open descendants. Returns their ids. */
  const beginSkipping = async (workflowId: string): Promise<string[]> => {
    if (!(await setSkipping(workflowId, true))) return [];
    const { pendingChildren } = await workflowService.describeWorkflowExecution({
      ...{ namespace, execution: { workflowId } },
    });
    const ids = (pendingChildren ?? []).map((child) => child.workflowId ?? '');
    const descendants = await Promise.all(ids.map(beginSkipping));
    return [workflowId, ...descendants.flat()];
  };

  return {
    ...realTime,
    async skippingWhile(wait, workflowId) {
      if (workflowId === undefined) return wait();
      const skipping = await beginSkipping(workflowId).catch(() => []);
      try {
        return await wait();
      } finally {
        await Promise.all(skipping.map((id) => setSkipping(id, false)));
      }
    },
  };
}

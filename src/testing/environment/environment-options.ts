import type { WorkflowStartOptions } from '@temporalio/client';
import type { Duration, Workflow } from '@temporalio/common';
import { TemporalReplayError } from '../../errors';
import type { ProjectOptions } from '../../options/types';
import type { SearchAttributeTypeName } from '../../server/start';
import type { Activities } from '../activities/activity-runner';

/** Without `workflowsPath` and `bundle`, the code is that of `replay.config.*`; `name` chooses one of several projects. */
export interface TestEnvironmentOptions extends ProjectOptions {
  /** Functions by activity type: the service's own, or mocks of them. */
  activities?: Activities;
  /** What `mockChildWorkflows(…)` returned: workflow types that the test stands in for. */
  childWorkflows?: object;
  /** What `mockNexusOperations(…)` returned, one for each service. */
  nexus?: readonly object[];
  /** The full dev server in real time, for what the time-skipping one can't: lists, schedules, search attributes. */
  local?: boolean;
  /** Registered on the server: `{ CustomerId: 'Keyword' }`. */
  searchAttributes?: Readonly<Record<string, SearchAttributeTypeName>>;
  /** @default one of its own */
  taskQueue?: string;
  /** Further queues that a worker with the same code polls. */
  taskQueues?: readonly string[];
  /** Keep no workflow in memory, so that each workflow task replays it from the start. */
  evictAfterEachTask?: boolean;
  /** Replay each workflow at the end of its test. @default true under the jest preset and the vitest plugin */
  autoReplay?: boolean;
  /**
   * Let the runs that a test leaves open go on in the next one. Those that were started before the first test do so by
   * themselves. @default false under the jest preset and the vitest plugin
   */
  keepRuns?: boolean;
  /** Real time without anything going on after which a wait for a result fails. @default '3s' */
  stallTimeout?: Duration;
  /** Real time that a wait for a result may take, also where the workflow goes on. @default '7s' */
  resultTimeout?: Duration;
  /** What relative paths are relative to. @default process.cwd() */
  cwd?: string;
}

export const DEFAULT_STALL_TIMEOUT = '3s';
export const DEFAULT_RESULT_TIMEOUT = '7s';

/** Options of a start without what the environment knows by itself. */
export type TestStartOptions<W extends Workflow> = Omit<
  WorkflowStartOptions<W>,
  'taskQueue' | 'workflowId'
> & {
  workflowId?: string;
  taskQueue?: string;
};

/** Of `start` and `execute`: options may be left out where the workflow takes no arguments. */
export type StartArguments<W extends Workflow> =
  [] extends Parameters<W> ? [options?: TestStartOptions<W>] : [options: TestStartOptions<W>];

/** What of the options says which code is tested. @throws CONFIG_INVALID */
export function projectOf(options: TestEnvironmentOptions): ProjectOptions {
  const { name, workflowsPath, bundle, workflowInterceptors, payloadConverter, failureConverter } = options;
  const { dataConverter, namespace, bundlerOptions } = options;
  const project = { name, workflowsPath, bundle, workflowInterceptors, payloadConverter, failureConverter };
  if (bundlerOptions?.webpackConfigHook)
    throw new TemporalReplayError(
      'CONFIG_INVALID',
      'A webpackConfigHook cannot be given to a test environment.',
      {
        hint: 'The code is bundled in a process of its own: put the hook into replay.config.ts, and leave out workflowsPath.',
      },
    );
  const given = Object.entries({ ...project, dataConverter, namespace, bundlerOptions });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

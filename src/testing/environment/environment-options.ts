import type { WorkflowStartOptions } from '@temporalio/client';
import type { Duration, Workflow } from '@temporalio/common';
import { TemporalReplayError } from '../../errors';
import { PROJECT } from '../../options/table';
import type { ProjectOptions } from '../../options/types';
import type { SearchAttributeTypeName } from '../../server/start';
import type { MockOptions } from './mock-kinds';

/**
 * Options of `createTestEnvironment`. Without `worker`, `workflowsPath` and `bundle`, the workflow code comes from `replay.config.*`, where `name`
 * selects one of several projects.
 */
export interface TestEnvironmentOptions extends ProjectOptions, MockOptions {
  /**
   * Activity functions by activity type: the service's own, as an object, a module or an instance of a class, or the mocks that
   * `mockActivities(…)` returns. @default none
   */
  activities?: object;
  /**
   * Use the full dev server, for features that the time-skipping server lacks, such as lists and schedules. It skips the timers of
   * workflows whose results are awaited; other time is real.
   * @default false
   */
  local?: boolean;
  /** Search attributes to register on the server, such as `{ CustomerId: 'Keyword' }`. @default none */
  searchAttributes?: Readonly<Record<string, SearchAttributeTypeName>>;
  /** Task queue of `env.start` and `env.execute`. @default a unique one */
  taskQueue?: string;
  /** Further task queues to poll with the same code. @default none */
  taskQueues?: readonly string[];
  /** Keep no workflow in memory, so that each workflow task replays it from the start. @default false */
  evictAfterEachTask?: boolean;
  /** Replay each run at the end of its test, under the jest preset and the vitest plugin. @default true */
  autoReplay?: boolean;
  /**
   * Keep the runs that a test leaves open for the next test, under the jest preset and the vitest plugin. Runs that were started before
   * the first test are kept in any case. @default false
   */
  keepRuns?: boolean;
  /** Real time without activity after which a wait fails. @default '3s' */
  stallTimeout?: Duration;
  /** Real time after which a wait fails even if the workflow goes on. @default '7s' */
  resultTimeout?: Duration;
  /** Directory that relative paths are resolved against. @default process.cwd() */
  cwd?: string;
}

export const DEFAULT_STALL_TIMEOUT = '3s';
export const DEFAULT_RESULT_TIMEOUT = '7s';

/** Options of the SDK client's `start`. The workflow id and the task queue are optional: the environment provides them. */
export type TestStartOptions<W extends Workflow> = Omit<
  WorkflowStartOptions<W>,
  'taskQueue' | 'workflowId'
> & {
  workflowId?: string;
  taskQueue?: string;
};

/** Arguments of `start` and `execute` after the workflow. The options are optional if the workflow takes no arguments. */
export type StartArguments<W extends Workflow> =
  [] extends Parameters<W> ? [options?: TestStartOptions<W>] : [options: TestStartOptions<W>];

/** The options of a project that hold in a test. The test has a task queue of its own. */
const PROJECT_OPTIONS = (Object.keys(PROJECT) as (keyof ProjectOptions)[]).filter(
  (name) => name !== 'taskQueue',
);

/** Returns the options that define the code under test. @throws CONFIG_INVALID for a `webpackConfigHook` */
export function projectOf(options: TestEnvironmentOptions): ProjectOptions {
  const { bundlerOptions } = options;
  if (bundlerOptions?.webpackConfigHook)
    throw new TemporalReplayError(
      'CONFIG_INVALID',
      'A webpackConfigHook cannot be given to a test environment.',
      {
        hint: 'The code is bundled in another process. Put the hook into replay.config.ts, and leave out workflowsPath.',
      },
    );
  const given = PROJECT_OPTIONS.map((name) => [name, options[name]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

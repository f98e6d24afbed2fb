import type { Client, Connection } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import type { ActivityRunner } from '../activities/activity-runner';
import type { TestWorker } from '../connection/test-worker';
import type { RunnerCoverage } from '../coverage/runner-coverage';
import type { RunRegistry } from '../runs/run-registry';
import type { RunReplay } from '../runs/run-replay';
import type { RunTerminator } from '../runs/run-terminator';
import type { TestTime } from '../time/test-time';
import type { WaitGuard } from '../waits/wait-guard';
import type { WaitProblems } from '../waits/wait-problems';
import type { Bundle, MetricUpdate, WorkflowLog } from '../worker/protocol';
import type { EnvironmentMocks } from './environment-mocks';
import type { SdkWorkers } from './sdk-workers';

/** The objects that a test environment consists of. */
export interface EnvironmentParts {
  client: Client;
  connection: Connection;
  converter: LoadedDataConverter;
  bundle: Bundle;
  testWorker: TestWorker;
  sdkWorkers: SdkWorkers;
  activities: ActivityRunner;
  mocks: EnvironmentMocks;
  runs: RunRegistry;
  replay: RunReplay;
  guard: WaitGuard;
  problems: WaitProblems;
  terminator: RunTerminator;
  time: TestTime;
  logs: readonly WorkflowLog[];
  metrics: MetricUpdate[];
  coverage: RunnerCoverage | null;
}

export interface EnvironmentSettings {
  taskQueue: string;
  autoReplay: boolean;
  keepRuns: boolean;
}

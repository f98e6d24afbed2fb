import type { Client } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import type { HistorySource } from '../../model/history';
import type { DiagnosedReport } from '../../model/report';
import type { WorkflowLog } from '../worker/protocol';

/** A test environment, as the hooks of the test file and the matchers use it. */
export interface RegisteredEnvironment {
  readonly client: Client;
  readonly dataConverter: LoadedDataConverter;
  readonly logs: readonly WorkflowLog[];
  hasWorkflowType(workflowType: string): boolean;
  replayHistories(histories: readonly HistorySource[]): Promise<DiagnosedReport>;
  testStarted(): void;
  /** Resolves with the errors that the test fails with. */
  endTest(): Promise<unknown[]>;
  collectCoverage(): Promise<void>;
  teardown(): Promise<void>;
}

/** The environments of one test file: those that are open, and those that were closed during the current test. */
export class EnvironmentRegistry {
  readonly open = new Set<RegisteredEnvironment>();
  /** Environments that were closed during the current or last test. */
  readonly closedInTest = new Set<RegisteredEnvironment>();
  /** Set by the hooks of a test file. An environment then checks its runs before it closes. */
  checksOnClose = false;
  private isInTest = false;
  private failures: unknown[] = [];

  beginTest(): void {
    this.isInTest = true;
    this.failures = [];
    this.closedInTest.clear();
  }

  /** Ends the test. Returns the failures of the environments that were closed during it. */
  endTest(): unknown[] {
    this.isInTest = false;
    return this.failures.splice(0);
  }

  /** Records that an environment is about to close. */
  closing(environment: RegisteredEnvironment): void {
    if (this.isInTest) this.closedInTest.add(environment);
  }

  /** Keeps the failures of an environment that closes for the end of the test. @throws the first one outside of a test */
  addFailures(failures: readonly unknown[]): void {
    if (this.isInTest) this.failures.push(...failures);
    else if (failures.length > 0) throw failures[0];
  }
}

const KEY = Symbol.for('temporal-replay.environments');
const holder = globalThis as { [KEY]?: EnvironmentRegistry };

/** Returns the registry of this test file. It is kept on the global object, since jest may load this module more than once. */
export function environmentRegistry(): EnvironmentRegistry {
  return (holder[KEY] ??= new EnvironmentRegistry());
}

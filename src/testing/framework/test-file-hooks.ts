import type { TestEnvironment } from '../environment/environment';
import { onEnvironmentClosing, openEnvironments } from '../environment/open-environments';
import { formatLogs } from './format-logs';

const KEY = Symbol.for('temporal-replay.test-file-hooks');
type Holder = { [KEY]?: TestFileHooks };

/** Looks after the environments of one test file: ends and replays what its tests ran, and keeps the logs of those that fail. */
export class TestFileHooks {
  /** How many logs each environment had when the test began; environments that it has torn down included. */
  private logsBefore = new Map<TestEnvironment, number>();
  private failures: unknown[] = [];
  private isInTest = false;

  constructor() {
    onEnvironmentClosing((environment) => this.closing(environment));
  }

  testStarted(): void {
    this.isInTest = true;
    this.failures = [];
    for (const open of openEnvironments()) open.testStarted();
    this.logsBefore = new Map([...openEnvironments()].map((open) => [open, open.logs.length]));
  }

  /** Ends what the test has begun. @throws NOT_DETERMINISTIC, WORKFLOW_TASK_FAILED */
  async afterTest(): Promise<void> {
    this.isInTest = false;
    const failures = this.failures.splice(0);
    for (const environment of openEnvironments()) failures.push(...(await environment.endTest()));
    if (failures.length > 0) throw failures[0];
  }

  /** What workflow and activity code has logged in the last test; null for nothing. */
  logs(): string | null {
    const environments = new Set([...this.logsBefore.keys(), ...openEnvironments()]);
    const logs = [...environments].flatMap((environment) =>
      environment.logs.slice(this.logsBefore.get(environment) ?? 0),
    );
    return logs.length === 0 ? null : formatLogs(logs);
  }

  /** Hands over coverage while the runner still loads files for it; jest refuses that when the file is done. */
  async testsDone(): Promise<void> {
    await Promise.all([...openEnvironments()].map((environment) => environment.collectCoverage()));
  }

  /** Closes what the file has left open. */
  async fileDone(): Promise<void> {
    await Promise.all([...openEnvironments()].map((environment) => environment.teardown()));
  }

  /** An environment that ends within a test is looked at before its server is given back; the test's end reports it. */
  private async closing(environment: TestEnvironment): Promise<void> {
    if (this.isInTest && !this.logsBefore.has(environment)) this.logsBefore.set(environment, 0);
    const failures = await environment.findings();
    if (this.isInTest) this.failures.push(...failures);
    else if (failures.length > 0) throw failures[0];
  }
}

/** Starts the watch of this test file, where what belongs to the test runner finds it. */
export function installTestFileHooks(): TestFileHooks {
  const watch = new TestFileHooks();
  (globalThis as Holder)[KEY] = watch;
  return watch;
}

/** The watch of a test file, by the global object of its realm. */
export const testFileHooksOf = (global: object): TestFileHooks | undefined => (global as Holder)[KEY];

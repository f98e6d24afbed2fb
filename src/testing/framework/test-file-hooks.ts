import { environmentRegistry, type RegisteredEnvironment } from '../environment/environment-registry';
import { formatLogs } from './format-logs';

const KEY = Symbol.for('temporal-replay.test-file-hooks');
type Holder = { [KEY]?: TestFileHooks };

/** Hooks of one test file for its environments: replay and end the runs of each test, and keep the logs of the last one. */
export class TestFileHooks {
  private readonly registry = environmentRegistry();
  /** Number of logs that each environment had when the test began. */
  private logsBefore = new Map<RegisteredEnvironment, number>();

  constructor() {
    this.registry.checksOnClose = true;
  }

  /** Called before each test. */
  testStarted(): void {
    this.registry.beginTest();
    for (const open of this.registry.open) open.testStarted();
    this.logsBefore = new Map([...this.registry.open].map((open) => [open, open.logs.length]));
  }

  /** Called after each test: ends its runs. @throws NOT_DETERMINISTIC, WORKFLOW_TASK_FAILED */
  async afterTest(): Promise<void> {
    const failures = this.registry.endTest();
    for (const environment of this.registry.open) failures.push(...(await environment.endTest()));
    if (failures.length > 0) throw failures[0];
  }

  /** Returns the logs of workflow and activity code in the last test, as text; null if there are none. */
  logs(): string | null {
    const environments = new Set([
      ...this.logsBefore.keys(),
      ...this.registry.closedInTest,
      ...this.registry.open,
    ]);
    const logs = [...environments].flatMap((environment) =>
      environment.logs.slice(this.logsBefore.get(environment) ?? 0),
    );
    return logs.length === 0 ? null : formatLogs(logs);
  }

  /** Called after the last test: hands over coverage, for which jest must load files. It refuses that when the file is done. */
  async testsDone(): Promise<void> {
    await Promise.all([...this.registry.open].map((environment) => environment.collectCoverage()));
  }

  /** Called when the file is done: tears down the environments that it has left open. */
  async fileDone(): Promise<void> {
    await Promise.all([...this.registry.open].map((environment) => environment.teardown()));
  }
}

/** Installs the hooks of this test file on its global object. */
export function installTestFileHooks(): TestFileHooks {
  const hooks = new TestFileHooks();
  (globalThis as Holder)[KEY] = hooks;
  return hooks;
}

/** Returns the hooks of the test file that has this global object. */
export const testFileHooksOf = (global: object): TestFileHooks | undefined => (global as Holder)[KEY];

import { environmentRegistry, type RegisteredEnvironment } from '../environment/environment-registry';
import { formatLogs } from './format-logs';

const KEY = Symbol.for('temporal-replay.test-file-hooks');
type Holder = { [KEY]?: TestFileHooks };

/** Looks after the environments of one test file: ends and replays what its tests ran, and keeps the logs of those that fail. */
export class TestFileHooks {
  private readonly registry = environmentRegistry();
  /** Number of logs that each environment had when the test began. */
  private logsBefore = new Map<RegisteredEnvironment, number>();

  constructor() {
    this.registry.checksOnClose = true;
  }

  testStarted(): void {
    this.registry.beginTest();
    for (const open of this.registry.open) open.testStarted();
    this.logsBefore = new Map([...this.registry.open].map((open) => [open, open.logs.length]));
  }

  /** Ends what the test has begun. @throws NOT_DETERMINISTIC, WORKFLOW_TASK_FAILED */
  async afterTest(): Promise<void> {
    const failures = this.registry.endTest();
    for (const environment of this.registry.open) failures.push(...(await environment.endTest()));
    if (failures.length > 0) throw failures[0];
  }

  /** What workflow and activity code has logged in the last test; null for nothing. */
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

  /** Hands over coverage while the runner still loads files for it; jest refuses that when the file is done. */
  async testsDone(): Promise<void> {
    await Promise.all([...this.registry.open].map((environment) => environment.collectCoverage()));
  }

  /** Closes what the file has left open. */
  async fileDone(): Promise<void> {
    await Promise.all([...this.registry.open].map((environment) => environment.teardown()));
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

import { testWatchOf } from '../test-runner/test-watch';
import { requireFromJest } from './resolve-from-jest';

/** What we use of jest-environment-node, of jest 29 and 30 alike. */
interface NodeEnvironment {
  global: { console: Console };
  handleTestEvent?(event: CircusEvent, state: unknown): Promise<void>;
}
type CircusEvent = { name: string; test?: { errors: readonly unknown[] } };
type NodeEnvironmentClass = new (config: unknown, context: unknown) => NodeEnvironment;

const { TestEnvironment: JestNodeEnvironment } = requireFromJest('jest-environment-node', process.cwd()) as {
  TestEnvironment: NodeEnvironmentClass;
};

/** jest's own environment for Node, which also tells the watch of a test file what no hook of a test can see. */
class WatchedNodeEnvironment extends JestNodeEnvironment {
  override async handleTestEvent(event: CircusEvent): Promise<void> {
    const watch = testWatchOf(this.global);
    if (event.name === 'test_done' && (event.test?.errors.length ?? 0) > 0) {
      const logs = watch?.logs();
      if (logs) this.global.console.log(logs);
    }
    // After all hooks of the file: they may still use what is closed here.
    if (event.name === 'run_finish') await watch?.fileDone();
  }
}

export = WatchedNodeEnvironment;

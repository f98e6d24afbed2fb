import { type TestsToRun, setTestsToRun } from '../testing/framework/tests-to-run';
import { testFileHooksOf } from '../testing/framework/test-file-hooks';
import { requireFromJest } from './resolve-from-jest';

/** What we use of jest-environment-node, of jest 29 and 30 alike. */
interface NodeEnvironment {
  global: { console: Console };
  handleTestEvent?(event: CircusEvent, state: CircusState): Promise<void>;
}
interface CircusEvent {
  name: string;
  test?: { errors: readonly unknown[] };
  describeBlock?: CircusBlock;
}
interface CircusBlock {
  type: 'describeBlock' | 'test';
  name: string;
  mode?: string | null;
  parent?: CircusBlock;
  children?: readonly CircusBlock[];
}
interface CircusState {
  hasFocusedTests: boolean;
  testNamePattern?: RegExp | null;
}
type NodeEnvironmentClass = new (config: unknown, context: unknown) => NodeEnvironment;

const { TestEnvironment: JestNodeEnvironment } = requireFromJest('jest-environment-node', process.cwd()) as {
  TestEnvironment: NodeEnvironmentClass;
};

/** jest's own environment for Node, which also tells the watch of a test file what no hook of a test can see. */
class WatchedNodeEnvironment extends JestNodeEnvironment {
  override async handleTestEvent(event: CircusEvent, state: CircusState): Promise<void> {
    if (event.name === 'run_describe_start')
      setTestsToRun(this.global, selectedIn(event.describeBlock!, state));
    const watch = testFileHooksOf(this.global);
    if (event.name === 'test_done' && (event.test?.errors.length ?? 0) > 0) {
      const logs = watch?.logs();
      if (logs) this.global.console.log(logs);
    }
    // After all hooks of the file: they may still use what is closed here.
    if (event.name === 'run_finish') await watch?.fileDone();
  }
}

/** As jest-circus decides it, of jest 29 and 30 alike (`hasEnabledTest` of `jest-circus/run`). */
function selectedIn(block: CircusBlock, { hasFocusedTests, testNamePattern }: CircusState): TestsToRun {
  const isSelected = (test: CircusBlock): boolean =>
    test.type === 'test' &&
    test.mode !== 'skip' &&
    (!hasFocusedTests || test.mode === 'only') &&
    (!testNamePattern || testNamePattern.test(fullNameOf(test)));
  return new Set((block.children ?? []).filter(isSelected).map(({ name }) => name));
}

const ROOT_BLOCK = 'ROOT_DESCRIBE_BLOCK';

function fullNameOf(test: CircusBlock): string {
  const names: string[] = [];
  for (let at: CircusBlock | undefined = test; at && at.name !== ROOT_BLOCK; at = at.parent)
    names.unshift(at.name);
  return names.join(' ');
}

export = WatchedNodeEnvironment;

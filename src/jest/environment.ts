import { type TestsToRun, setTestsToRun } from '../testing/framework/tests-to-run';
import { testFileHooksOf } from '../testing/framework/test-file-hooks';
import { requireFromJest } from './resolve-from-jest';

/** The part of jest-environment-node that we use; the same in jest 29 and 30. */
interface NodeEnvironment {
  global: { console: Console; Symbol: object };
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

/**
 * jest's environment for Node. It also calls the test file's hooks on events that no hook of a test can see, and has the symbols
 * of `await using`.
 */
class TemporalNodeEnvironment extends JestNodeEnvironment {
  constructor(config: unknown, context: unknown) {
    super(config, context);
    addDisposeSymbols(this.global.Symbol);
  }

  override async handleTestEvent(event: CircusEvent, state: CircusState): Promise<void> {
    if (event.name === 'run_describe_start')
      setTestsToRun(this.global, testsToRunIn(event.describeBlock!, state));
    const hooks = testFileHooksOf(this.global);
    if (event.name === 'test_done' && (event.test?.errors.length ?? 0) > 0) {
      const logs = hooks?.logs();
      if (logs) this.global.console.log(logs);
    }
    // This event follows all hooks of the file, which may still use the environments.
    if (event.name === 'run_finish') await hooks?.fileDone();
  }
}

/** Adds the symbols that Node has in its main context alone. jest copies them since version 30. */
function addDisposeSymbols(target: object): void {
  for (const name of ['dispose', 'asyncDispose'] as const)
    if (!(name in target)) Object.defineProperty(target, name, { value: Symbol[name] });
}

/** Returns the tests that jest-circus will run; the same rule as `hasEnabledTest` of `jest-circus/run` in jest 29 and 30. */
function testsToRunIn(block: CircusBlock, { hasFocusedTests, testNamePattern }: CircusState): TestsToRun {
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

export = TemporalNodeEnvironment;

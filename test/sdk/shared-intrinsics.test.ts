import { join } from 'node:path';
import vm from 'node:vm';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { IntrinsicsWatch } from '../../src/sdk/shared-intrinsics';
import { type SdkWorkflowCreator, parsedBundle } from '../../src/sdk/workflow-creator';

/** Changes a class of the SDK's own modules. */
const PATCH = `
const key = './node_modules/@temporalio/workflow/lib/cancellation-scope.js';
__webpack_module_cache__[key].exports.CancellationScope.prototype.cancel = () => undefined;`;

/** Returns a context as that of a reused creator, and its watch. */
function watched() {
  const context = vm.createContext({});
  const watch = IntrinsicsWatch.ofContext({ _context: context } as unknown as SdkWorkflowCreator)!;
  watch.look();
  return { watch, run: (code: string): unknown => vm.runInContext(code, context) };
}

describe('the watch over what workflows share', () => {
  it.each([
    ['Array.prototype.map = () => []', 'Array.prototype.map'],
    ['Object.prototype.verdict = 1', 'Object.prototype.verdict'],
    ["Object.defineProperty(Map.prototype, 'get', { get: () => 1 })", 'Map.prototype.get'],
    ["Object.defineProperty(Promise.prototype, 'hidden', { value: 1 })", 'Promise.prototype.hidden'],
    ['delete String.prototype.at', 'String.prototype.'],
    ["Object.defineProperty(Map.prototype, 'size', { get: () => 1 })", 'Map.prototype.size'],
    ['Object.setPrototypeOf(Set.prototype, { x: 1 })', 'Set.prototype'],
    ['Object.getPrototypeOf(async () => {}).x = 1', 'AsyncFunction.prototype.x'],
    ['Object.getPrototypeOf([][Symbol.iterator]()).next = 1', 'Array iterator.next'],
    ['Object.getPrototypeOf(Int8Array.prototype).fill = 1', 'TypedArray.prototype.fill'],
    ['Error.prototype[Symbol.iterator] = 1', 'Error.prototype.Symbol(Symbol.iterator)'],
  ])('notices %s', (code, expected) => {
    const { watch, run } = watched();

    run(code);

    const change = watch.change();

    expect(change).toContain(expected);
  });

  it('notices nothing where nothing changes, nor twice what it has looked at', () => {
    const { watch, run } = watched();

    run('class Own { x() {} } new Own().x(); [1].map(String); globalThis.own = {};');
    const before = watch.change();
    run('Array.prototype.map = 1');
    watch.look();

    expect(before).toBeNull();
    expect(watch.change()).toBeNull();
  });

  it('takes little time', () => {
    const { watch } = watched();
    const ofProcess = IntrinsicsWatch.ofProcess();
    ofProcess.look();
    for (let i = 0; i < 1_000; i++) watch.change();
    const before = process.cpuUsage();

    for (let i = 0; i < 1_000; i++) [watch, watch, ofProcess].forEach((one) => one.change());

    const { user, system } = process.cpuUsage(before);
    // A history takes 0.09 ms of it on a quiet machine.
    expect((user + system) / 1_000 / 1_000).toBeLessThan(1);
  });

  it('finds the reused context of the SDK, and no change by its own work', async () => {
    const { ReusableVMWorkflowCreator } =
      require('@temporalio/worker/lib/workflow/reusable-vm') as typeof import('@temporalio/worker/lib/workflow/reusable-vm');
    const workflowsPath = join(__dirname, '../history/validate/fixtures/workflows.ts');
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      logger: new DefaultLogger('ERROR', () => undefined),
    });
    const bundle = parsedBundle(code, join(__dirname, 'bundle.js')) as never;
    const creator = await ReusableVMWorkflowCreator.create(bundle, 60_000, new Set());

    const watch = IntrinsicsWatch.ofContext(creator as unknown as SdkWorkflowCreator);

    watch?.look();
    const before = watch?.change();
    vm.runInContext(PATCH, (creator as unknown as { _context: vm.Context })._context);
    expect(before).toBeNull();
    expect(watch?.change()).toBe('CancellationScope.prototype.cancel');
    await creator.destroy();
  }, 30_000);
});

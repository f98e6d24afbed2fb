import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isCondition, isInterceptorChain } from '../../src/sdk/sdk-calls';

const SOURCE = join(dirname(require.resolve('@temporalio/workflow/package.json')), 'src');
const call = (file: string, name: string | null) => ({ file: join(SOURCE, file), function: name });

describe('the names in @temporalio/workflow that sdk-calls relies on', () => {
  it.each(['interceptors.ts', 'interceptor-composition.ts', 'internals.ts', 'current-random.ts'])(
    'include the source file %s',
    (file) => {
      expect(existsSync(join(SOURCE, file))).toBe(true);
    },
  );

  it.each(['timer', 'scheduleActivity', 'scheduleLocalActivity', 'startChildWorkflowExecution'])(
    'include the function %sNextHandler at the end of a chain of interceptors',
    (name) => {
      expect(readFileSync(join(SOURCE, 'workflow.ts'), 'utf8')).toContain(`function ${name}NextHandler(`);
    },
  );

  it('include the function condition', () => {
    expect(readFileSync(join(SOURCE, 'workflow.ts'), 'utf8')).toMatch(/export (async )?function condition\(/);
  });
});

describe('isInterceptorChain', () => {
  it.each([
    ['workflow.ts', 'scheduleActivityNextHandler', true],
    ['interceptors.ts', 'next', true],
    ['internals.ts', null, true],
    ['workflow.ts', 'sleep', false],
    ['workflow.ts', null, false],
  ])('of a call in %s, of the function %s, is %s', (file, name, expected) => {
    expect(isInterceptorChain(call(file, name))).toBe(expected);
  });
});

describe('isCondition', () => {
  it.each([
    ['condition', true],
    ['conditionInner', true],
    ['sleep', false],
    [null, false],
  ])('of a call of %s is %s', (name, expected) => {
    expect(isCondition(call('workflow.ts', name))).toBe(expected);
  });
});

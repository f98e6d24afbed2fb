import { modulesOf, rememberModulesOf } from '../../src/util/modules-of-function';

it('modulesOf returns what was remembered of a function', () => {
  const hook = (): void => undefined;
  expect(modulesOf(hook)).toBeUndefined();

  rememberModulesOf(hook, ['/shop/config.ts']);

  expect(modulesOf(hook)).toEqual(['/shop/config.ts']);
});

import { join } from 'node:path';
import { sharesModuleState } from '../../src/sdk/module-isolation';
import { ISOLATION_SERVICE, bundleOf, withOwnModuleCache } from '../helpers/isolation-service';

describe('sharesModuleState', () => {
  let code: string;
  beforeAll(async () => {
    code = await bundleOf(join(ISOLATION_SERVICE, 'state.ts'));
  });

  it("is false for a bundle of the installed SDK's", () => {
    expect(sharesModuleState(code, 'bundle.js')).toBe(false);
  });

  it('is true for a bundle with a module cache of its own', () => {
    expect(sharesModuleState(withOwnModuleCache(code), 'bundle.js')).toBe(true);
  });

  it('is true if the SDK has redirected the module cache of a dependency instead', () => {
    const dependency = 'var __webpack_module_cache__ = globalThis.__webpack_module_cache__;';

    expect(sharesModuleState(`(() => { ${dependency} })();\n${withOwnModuleCache(code)}`, 'bundle.js')).toBe(
      true,
    );
  });

  it.each([
    ['is no workflow bundle', 'globalThis.x = 1'],
    ['throws while it loads', 'throw new Error("not configured")'],
  ])('is true for code that %s', (_, other) => {
    expect(sharesModuleState(other, 'bundle.js')).toBe(true);
  });
});

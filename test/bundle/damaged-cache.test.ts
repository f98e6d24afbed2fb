/** A damaged entry of the cache counts as none, and a cache that cannot be written is done without. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BundleCache, type NewBundle, openBundleCache } from '../../src/bundle/cache';
import { ALL_INPUTS_OF_ALL_TYPES } from '../../src/bundle/type-inputs';
import { resolveReplayOptions } from '../../src/options/resolve';
import { CACHE_DAMAGES, cacheEntries } from '../attack/cache-damages';
import { scratchDirectory } from '../helpers/replay-cli';

const CODE = `exports.act = 'act';\n`.repeat(50);

let service: string;
let warnings: jest.SpyInstance;
beforeEach(() => {
  service = scratchDirectory();
  writeFileSync(join(service, 'input.js'), '');
  warnings = jest.spyOn(process, 'emitWarning').mockReturnValue();
});
afterEach(() => warnings.mockRestore());

const bundleOf = (code: string): NewBundle => ({
  code,
  workflowTypes: ['first'],
  sharesModuleState: false,
  inputs: [join(service, 'input.js')],
  absent: [],
  typeInputs: ALL_INPUTS_OF_ALL_TYPES,
  instrumented: [],
  // After the last change of the input.
  beganAt: Date.now() + 60_000,
});

/** Opens the cache of a workflow file with that name, which is created. */
function cacheOf(name: string, { directory = join(service, 'cache'), coverage = false } = {}): BundleCache {
  writeFileSync(join(service, name), '');
  const { projects } = resolveReplayOptions({ workflowsPath: name }, service);
  return openBundleCache(directory, projects[0]!, { coverage });
}

it.each(Object.entries(CACHE_DAMAGES))('no bundle is found if %s', async (_, damage) => {
  const [cache, otherCache] = [cacheOf('workflows.ts'), cacheOf('other.ts')];
  await cache.store(bundleOf(CODE));
  const stored = await cache.find();
  await otherCache.store(bundleOf(`${CODE}// other`));
  const [entry, other] = cacheEntries(join(service, 'cache')).sort(({ bundle }) =>
    bundle === stored!.path ? -1 : 1,
  );
  damage({ ...entry!, other: other! });

  const found = await cache.find();
  await cache.store(bundleOf(CODE));
  const rebuilt = await cache.find();

  expect(found).toBeNull();
  expect(rebuilt).toEqual(stored);
});

it('no instrumented bundle is found if the description of its counters is damaged', async () => {
  const cache = cacheOf('workflows.ts', { coverage: true });
  const { path } = await cache.store(bundleOf(CODE));
  const whole = await cache.find();
  writeFileSync(`${path}.coverage.json`, '[]');

  const found = await cache.find();

  expect(whole).not.toBeNull();
  expect(found).toBeNull();
});

it.each(['cache', 'cache/deep'])(
  'a bundle lies in a temporary directory if the cache directory is %s and `cache` is a file',
  async (name) => {
    writeFileSync(join(service, 'cache'), '');
    const cache = cacheOf('workflows.ts', { directory: join(service, name) });

    const stored = await cache.store(bundleOf(CODE));

    expect(stored.path.startsWith(service)).toBe(false);
    expect(readFileSync(stored.path, 'utf8')).toBe(CODE);
  },
);

it('a cache that cannot be written is named in one warning, however often it is used', async () => {
  writeFileSync(join(service, 'cache'), '');
  const cache = cacheOf('workflows.ts');

  await cache.store(bundleOf(CODE));
  await cache.store(bundleOf(CODE));

  expect(warnings.mock.calls).toEqual([
    [expect.stringContaining(`the cache ${join(service, 'cache')} is not used`)],
  ]);
});

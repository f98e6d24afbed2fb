import { reachOf } from '../../src/versions/reach';

const v1 = { deploymentName: 'orders', buildId: 'v1' };

describe('reachOf', () => {
  it.each([
    ['a run without a version', { behavior: 'unversioned', version: null }, ['orders.v2'], 'moves'],
    ['a run with auto-upgrade', { behavior: 'auto-upgrade', version: v1 }, ['orders.v2'], 'moves'],
    ['a pinned run', { behavior: 'pinned', version: v1 }, ['orders.v2'], 'stays'],
    ['a pinned run without a known version', { behavior: 'pinned', version: v1 }, [], 'stays'],
    ['a run pinned to the version', { behavior: 'pinned', version: v1 }, ['orders.v1'], 'moves'],
    ['a run pinned to the build id', { behavior: 'pinned', version: v1 }, ['v1'], 'moves'],
    ['a run pinned to it in another deployment', { behavior: 'pinned', version: v1 }, ['other.v1'], 'stays'],
  ] as const)('says of %s of %j that it %4$s with the deploy of %j', (_, versioning, versions, reach) => {
    expect(reachOf(versioning, versions)).toBe(reach);
  });
});

/** Tests of the SDK's internals that `src/sdk/replay-worker-version.ts` relies on. */
import { readFileSync } from 'node:fs';
import { buildIdOfReplayWorker } from '../../src/sdk/replay-worker-version';

describe('the build id of a replay worker', () => {
  it('names the package, its version and the hash of the bundle, as the SDK does', () => {
    const worker = readFileSync(require.resolve('@temporalio/worker/lib/worker'), 'utf8');

    const id = buildIdOfReplayWorker('code');

    expect(worker).toMatch(/createHash\('sha256'\)\.update\(bundleCode\)\.digest\('hex'\)/);
    expect(id).toMatch(/^@temporalio\/worker@[\d.]+\+[0-9a-f]{64}$/);
  });
});

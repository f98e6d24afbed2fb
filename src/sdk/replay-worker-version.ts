import { createHash } from 'node:crypto';

/**
 * Returns the build id that the SDK gives a worker without one: its own name and version, and the hash of the bundle's code
 * (`addBuildIdIfMissing` in `@temporalio/worker/lib/worker.js`, checked on 1.24.0). Workflow code sees that of a replay worker
 * once it goes on where the history ends. `test/sdk/replay-worker-version.test.ts` fails when an upgrade changes it.
 */
export function buildIdOfReplayWorker(bundleCode: string): string {
  const { name, version } = require('@temporalio/worker/package.json') as { name: string; version: string };
  return `${name}@${version}+${createHash('sha256').update(bundleCode).digest('hex')}`;
}

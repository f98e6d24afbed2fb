import type { Worker } from '@temporalio/worker';

interface WithActivities {
  options: { activities?: Map<string, unknown> };
}

/**
 * Makes a worker run the activity `default` for types without a function, as later versions of the SDK do by themselves.
 *
 * Relies on the map `options.activities` of a worker, in which it looks up each type (checked on SDK 1.9.0, 1.11.8 and
 * 1.24.0). If it is not found, the worker stays as it is. `test/package/sdk-versions.test.ts` runs a test with the oldest SDK.
 */
export function runDefaultActivity(worker: Worker): void {
  const { activities } = (worker as unknown as WithActivities).options;
  if (!(activities instanceof Map)) return;
  const get = activities.get.bind(activities);
  activities.get = (type) => get(type) ?? get('default');
}

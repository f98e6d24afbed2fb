import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** The `workerData` of the thread. */
export interface ParentWatch {
  parentPid: number;
  /** Time in ms that this process has to end by itself once its parent has ended. */
  graceMs: number;
  /** Kill the process group that this process leads, and not this process alone. */
  group: boolean;
}

/**
 * Kills this process if it outlives its parent, also while its main thread is in a loop, in which it sees neither a closed
 * channel nor a signal. A second thread watches the parent: it starts beside the main thread and looks once a second.
 *
 * @param parentPid as the parent gives it, since `process.ppid` is another process if the parent has ended by now
 */
export function endWithParent(
  parentPid: number,
  { graceMs = 2_000, group = false }: Partial<ParentWatch> = {},
): void {
  const thread = new Worker(join(__dirname, 'end-with-parent-thread.js'), {
    workerData: { parentPid, graceMs, group } satisfies ParentWatch,
    // Modules that NODE_OPTIONS preloads are meant for the main thread.
    ...{ env: {}, execArgv: [] },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  // Without the thread, the process ends when its main thread sees that the channel is closed.
  thread.on('error', () => undefined);
  thread.unref();
}

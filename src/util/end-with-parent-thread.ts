/** The thread of `end-with-parent.ts`. */
import { workerData } from 'node:worker_threads';
import type { ParentWatch } from './end-with-parent';

const LOOK_EVERY_MS = 1_000;

const { parentPid, graceMs, group } = workerData as ParentWatch;

const watch = setInterval(() => {
  if (isAlive(parentPid)) return;
  clearInterval(watch);
  setTimeout(kill, graceMs);
}, LOOK_EVERY_MS);

/** Returns true while the parent runs. On Windows, `ppid` does not change when it ends; elsewhere, it tells more than the id. */
function isAlive(pid: number): boolean {
  if (process.platform !== 'win32') return process.ppid === pid;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function kill(): void {
  process.kill(group && process.platform !== 'win32' ? -process.pid : process.pid, 'SIGKILL');
}

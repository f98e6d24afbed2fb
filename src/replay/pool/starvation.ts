import { readFileSync } from 'node:fs';

/**
 * Returns the time in ms that the main thread of a process has been ready to run and had no processor, as on a machine that others
 * keep busy. Returns 0 where the system does not tell, as all but Linux.
 */
export function starvedMsOf(pid: number | undefined): number {
  try {
    const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(waitedNs) / 1e6 || 0;
  } catch {
    return 0;
  }
}

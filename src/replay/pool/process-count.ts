import { availableParallelism } from 'node:os';

const PROCESSES_PER_CORE = 4;
/** Number of processes that every machine may start. */
const MIN_LIMIT = 8;

/** Returns the number of replay processes to have at most: no more than histories, and no more than the machine can use. */
export const processCount = (concurrency: number, histories: number): number =>
  Math.min(concurrency, histories, Math.max(MIN_LIMIT, PROCESSES_PER_CORE * availableParallelism()));

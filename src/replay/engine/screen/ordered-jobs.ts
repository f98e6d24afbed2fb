import type { ActivationJob } from '../../../sdk/activation-jobs';

/** Returns the jobs in the order in which core sends them (`prepare_to_ship_activation`). */
export function orderedJobs(jobs: readonly ActivationJob[]): ActivationJob[] {
  const orders = jobs.map(orderOf);
  if (orders.every((order, i) => i === 0 || orders[i - 1]! <= order)) return [...jobs];
  return jobs
    .map((job, i) => ({ job, order: orders[i]! }))
    .sort((a, b) => a.order - b.order)
    .map(({ job }) => job);
}

function orderOf(job: ActivationJob): number {
  if (job.initializeWorkflow) return 0;
  if (job.notifyHasPatch) return 1;
  if (job.updateRandomSeed) return 2;
  if (job.signalWorkflow || job.doUpdate) return 3;
  return job.resolveActivity?.isLocal ? 5 : 4;
}

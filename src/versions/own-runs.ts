import type { ClusterRuns } from '../fetch/cluster-runs';
import type { ListedRun } from '../fetch/query';
import type { ReplayedCode } from '../run/replayed-code';
import type { DeployTally } from './deploy-tally';

/**
 * Tells the open runs of some code from those of other code. With task queues that are known and have open runs, a run belongs to
 * the code by its queue. Otherwise it does by its type, or if its queue has runs of the code's types: its own type is then gone from the
 * code, so that no worker could continue it.
 */
export class OwnRuns {
  private readonly queuesByType = new Set<string>();

  private constructor(
    private readonly types: ReadonlySet<string>,
    /** The task queues of the code; null if the workflow type of a run decides. */
    private readonly queues: ReadonlySet<string> | null,
  ) {}

  static async of(code: readonly ReplayedCode[], open: ClusterRuns): Promise<OwnRuns> {
    const types = new Set(code.flatMap(({ workflowTypes }) => workflowTypes ?? []));
    return new OwnRuns(types, await queuesOf(code, open));
  }

  /** Yields the runs of the code, and counts all. */
  async *of(runs: AsyncIterable<ListedRun>, tally: DeployTally): AsyncGenerator<ListedRun> {
    const undecided: ListedRun[] = [];
    for await (const run of runs) {
      const isOwn = this.isOwn(run);
      if (isOwn === null) {
        undecided.push(run);
        continue;
      }
      tally.list(!isOwn);
      if (isOwn) yield run;
    }
    for (const run of undecided) {
      const isOwn = this.queuesByType.has(run.taskQueue);
      tally.list(!isOwn);
      if (isOwn) yield run;
    }
  }

  /** Returns null if it depends on the runs that are still to come. */
  private isOwn({ workflowType, taskQueue }: ListedRun): boolean | null {
    if (this.queues) return this.queues.has(taskQueue);
    const hasType = this.types.has(workflowType) || this.types.has('default');
    if (hasType) this.queuesByType.add(taskQueue);
    return hasType || (taskQueue === '' ? false : null);
  }
}

/** Returns the task queues that tell the runs of some code from others; null if their workflow types have to. */
export async function queuesOf(
  code: readonly ReplayedCode[],
  runs: ClusterRuns,
): Promise<ReadonlySet<string> | null> {
  const queues = code.map(({ taskQueue }) => taskQueue);
  // Each project has to name its queue: runs of one that does not may be on any.
  const named = queues.filter((queue) => queue !== null);
  const isKnown =
    named.length === queues.length &&
    (await Promise.all(named.map((queue) => runs.hasQueue(queue)))).some(Boolean);
  return isKnown ? new Set(named) : null;
}

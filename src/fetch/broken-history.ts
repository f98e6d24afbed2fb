import { isTemporalReplayError, TemporalReplayError } from '../errors';

/** The run that a history was asked for. */
export interface RunIds {
  workflowId: string;
  runId: string;
}

/** Returns the error for a history that cannot be used as the cluster sent it. It is about one run, so that the others go on. */
export const brokenHistory = (
  { workflowId, runId }: RunIds,
  problem: string,
  cause?: unknown,
): TemporalReplayError =>
  new TemporalReplayError('CLUSTER_HISTORY', `Workflow ${workflowId}, run ${runId}: ${problem}.`, { cause });

/** Number of broken histories after which a fetch ends: the next one would most likely be broken too. */
const MAX_BROKEN = 20;

/** The broken histories of a fetch, which goes on without them and names them at its end. */
export class BrokenHistories {
  private readonly messages: string[] = [];

  /** Returns the result of a download; null if its history is broken. @throws the error of the download, or {@link check} */
  async without<T>(download: Promise<T>): Promise<T | null> {
    try {
      return await download;
    } catch (err) {
      if (!isTemporalReplayError(err) || err.code !== 'CLUSTER_HISTORY') throw err;
      this.messages.push(err.message);
      if (this.messages.length >= MAX_BROKEN) this.check();
      return null;
    }
  }

  /** @throws CLUSTER_HISTORY if there are any */
  check(): void {
    const { messages } = this;
    if (messages.length === 0) return;
    const text =
      messages.length === 1
        ? messages[0]!
        : [`${messages.length} histories are broken:`, ...messages].join('\n');
    throw new TemporalReplayError('CLUSTER_HISTORY', text);
  }
}

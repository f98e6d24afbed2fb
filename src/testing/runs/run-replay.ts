import { TemporalReplayError } from '../../errors';
import type { DiagnosedReport } from '../../model/report';
import type { Bundle, Execution, ServerRequest } from '../worker/protocol';
import { failsRun } from '../../model/verdict';
import { replayText } from '../text/replay-text';
import { replaceVersioningAdvice } from './replace-versioning-advice';
import type { TestWorker } from '../connection/test-worker';

export interface RunReplayOptions {
  testWorker: TestWorker;
  server: ServerRequest;
  bundle: Bundle;
  /** Directory that paths in messages are relative to. */
  cwd: string;
}

/** Replays runs of the environment's server against its own code. */
export class RunReplay {
  constructor(private readonly options: RunReplayOptions) {}

  /** @throws NOT_DETERMINISTIC with a diagnosis of each run that is not compatible */
  async verify(runs: readonly Execution[]): Promise<void> {
    const diagnosis = await this.diagnosis(runs);
    if (diagnosis === null) return;
    throw new TemporalReplayError(
      'NOT_DETERMINISTIC',
      `The workflow code does other things on replay than when it ran.\n\n${diagnosis}`,
    );
  }

  /** Returns the diagnosis of the runs that are not compatible; null if all are. */
  async diagnosis(runs: readonly Execution[]): Promise<string | null> {
    if (runs.length === 0) return null;
    const { server, bundle, testWorker, cwd } = this.options;
    const ids = runs.map(({ workflowId, runId }) => ({ workflowId, runId }));
    const report = await testWorker.channel.request('replay', { server, bundle, runs: ids });
    return isCompatible(report) ? null : replayText(replaceVersioningAdvice(report), cwd);
  }
}

const isCompatible = ({ results }: DiagnosedReport): boolean =>
  results.every(({ verdict }) => !failsRun(verdict, { strict: false }));

import type { DeployReport } from '../model/deploy';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import { canFailRun } from '../model/verdict';
import type { DeployOptions } from '../options/types';
import type { DiagnosisNeeds } from '../replay/setup';
import { type ReplayRun, checkEnd, startReplayFor } from '../run/run';
import { unlessAborted } from '../util/unless-aborted';
import { deployScopeOf } from './deploy-scope';
import { OpenRunsCheck } from './open-runs-check';

/** A report whose deploy is answered. Its results are those that do not pass without drift. */
export type DeployedReport = DiagnosedReport & { deploy: DeployReport };

/** A check in progress. It yields each result as soon as it is there. */
export interface DeployCheck extends AsyncIterable<DiagnosedResult> {
  /** Runs to the end and returns the report. After an abort, it covers the runs that were looked at before. */
  report(): Promise<DeployedReport>;
  /** Checks that all runs could be had and judged, after the end. @throws as {@link canDeploy} */
  checkEnd(): void;
}

/** Replays the open runs of a cluster for the library, see `lazy-versions.ts`. */
export async function canDeploy(options: DeployOptions): Promise<DeployedReport> {
  const check = startDeployCheck(options);
  const report = await check.report();
  check.checkEnd();
  return report;
}

/**
 * Starts to replay the open runs of a cluster that would get the current code, and to count the others. The cluster is asked before
 * the code is bundled, which takes seconds.
 *
 * @throws TemporalReplayError USAGE, and as `startReplayFor`
 */
export function startDeployCheck(options: DeployOptions, needs: Partial<DiagnosisNeeds> = {}): DeployCheck {
  const { replayed, scope } = deployScopeOf(options);
  const { signal } = options;
  const check = new OpenRunsCheck(scope, signal);
  const run: ReplayRun = startReplayFor(
    { ...replayed, histories: check.dueHistories(() => run.code()) },
    needs,
    { keeps: ({ verdict }) => canFailRun(verdict) },
  );
  async function* results(): AsyncGenerator<DiagnosedResult> {
    try {
      await unlessAborted(
        () => check.connect(),
        signal,
        () => undefined,
      );
      for await (const result of run) {
        check.judge(result, options);
        yield result;
      }
    } finally {
      await check.close();
    }
  }
  const iterator = results();
  return {
    [Symbol.asyncIterator]: () => iterator,
    checkEnd: () => checkEnd(run, signal),
    async report() {
      for await (const result of iterator) void result;
      const report = await run.report();
      // A workflow type without open runs lacks nothing.
      const summary = { ...report.summary, uncoveredTypes: [] };
      return { ...report, summary, deploy: check.answer() };
    },
  };
}

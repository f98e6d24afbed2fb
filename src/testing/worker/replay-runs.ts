import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Diagnoser } from '../../diagnosis/diagnoser';
import { type DecodedHistory, decodeHistories } from '../../history/decode';
import type { HistorySource } from '../../model/history';
import type { DiagnosedReport, DiagnosedResult } from '../../model/report';
import { reportOf } from '../../run/run';
import { HistoryReplayer, type ReplayProject } from '../../replay/replay-history';
import { workerOptionsOf } from '../../replay/engine/worker-options';
import type { Bundle, Execution } from './protocol';
import { replayCreatorOf } from './start-sdk-worker';

/** Rows before and after the first difference that a diagnosis shows. */
const CONTEXT_ROWS = 6;

const replayers = new Map<string, HistoryReplayer>();

/** Replays what this server recorded of runs against a bundle, with a diagnosis where that is not compatible. */
export function replayRuns(
  runs: readonly Execution[],
  bundle: Bundle,
  environment: TestWorkflowEnvironment,
): Promise<DiagnosedReport> {
  async function* recorded(): AsyncGenerator<DecodedHistory> {
    for (const { workflowId, runId } of runs) {
      const history = await environment.client.workflow.getHandle(workflowId, runId).fetchHistory();
      yield { reference: { file: workflowId, index: 0 }, workflowId, runId, history };
    }
  }
  return replayDecoded(recorded(), bundle);
}

/** Replays histories that are given as bytes, in any form. */
export function replayHistories(sources: readonly HistorySource[], bundle: Bundle): Promise<DiagnosedReport> {
  const decoded = sources.flatMap(({ file, bytes }) => [
    ...decodeHistories({ file, bytes: bytes ?? new Uint8Array() }),
  ]);
  return replayDecoded(decoded, bundle);
}

async function replayDecoded(
  histories: Iterable<DecodedHistory> | AsyncIterable<DecodedHistory>,
  bundle: Bundle,
): Promise<DiagnosedReport> {
  const startedAt = performance.now();
  const project = await projectOf(bundle);
  const replayer = replayerOf(project);
  let diagnoser: Diagnoser | null = null;
  const results: DiagnosedResult[] = [];
  for await (const decoded of histories) {
    const { result, trace } = await replayer.replay(decoded);
    if (trace) diagnoser ??= diagnoserOf(bundle);
    results.push(trace ? diagnoser!.diagnose(result, trace) : result);
  }
  const report = reportOf(results, [project], performance.now() - startedAt);
  return { ...report, groups: diagnoser ? await diagnoser.group(results) : [] };
}

function replayerOf(project: ReplayProject & { bundlePath: string }): HistoryReplayer {
  const known = replayers.get(project.bundlePath);
  if (known) return known;
  // The promise hook stays: the live workers of this process tell with it where a workflow waits.
  const made = new HistoryReplayer([project], {
    fast: false,
    shared: replayCreatorOf,
    diagnosis: { traces: 'failures', contextRows: CONTEXT_ROWS, timelines: false },
  });
  replayers.set(project.bundlePath, made);
  return made;
}

async function projectOf({ path, workflowTypes, dataConverter }: Bundle) {
  const options = await workerOptionsOf(path, dataConverter);
  return {
    name: 'test',
    dataConverter,
    namespace: null,
    inputs: [],
    bundlePath: path,
    workflowTypes,
    options,
  };
}

const diagnoserOf = ({ path, workflowTypes }: Bundle): Diagnoser =>
  new Diagnoser({ cwd: process.cwd(), bundlePaths: [path], workflowTypes: [...workflowTypes] });

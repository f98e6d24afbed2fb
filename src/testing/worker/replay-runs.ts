import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type DecodedHistory, decodeHistories } from '../../history/decode';
import type { HistorySource } from '../../model/history';
import type { DiagnosedReport } from '../../model/report';
import { loadProject } from '../../replay/engine/loaded-project';
import { HistoryReplayer } from '../../replay/history-replayer';
import { type BuiltProject, DEFAULT_DIAGNOSIS_NEEDS, type Replayed } from '../../replay/setup';
import { untriedGroups } from '../../advice/try-remedies';
import { startPipeline } from '../../run/pipeline';
import type { Bundle, Execution } from './protocol';
import { replayCreatorOf } from './start-sdk-worker';

/** One replayer for each bundle, by its path, for the life of this process. */
const replayers = new Map<string, Promise<HistoryReplayer>>();

/** Replays the histories that a server recorded of runs, against a bundle, in this process. */
export function replayRuns(
  runs: readonly Execution[],
  bundle: Bundle,
  environment: TestWorkflowEnvironment,
): Promise<DiagnosedReport> {
  const { namespace = 'default' } = environment;
  async function* recorded(): AsyncGenerator<DecodedHistory> {
    for (const { workflowId, runId } of runs) {
      const history = await environment.client.workflow.getHandle(workflowId, runId).fetchHistory();
      yield { reference: { file: workflowId, index: 0 }, workflowId, runId, namespace, history };
    }
  }
  return replayDecoded(recorded(), bundle);
}

/** Replays histories that are given as bytes in any form, against a bundle, in this process. */
export function replayHistories(sources: readonly HistorySource[], bundle: Bundle): Promise<DiagnosedReport> {
  const decoded = sources.flatMap(({ file, bytes }) => [
    ...decodeHistories({ file, bytes: bytes ?? new Uint8Array() }),
  ]);
  return replayDecoded(decoded, bundle);
}

function replayDecoded(
  histories: Iterable<DecodedHistory> | AsyncIterable<DecodedHistory>,
  bundle: Bundle,
): Promise<DiagnosedReport> {
  const project = projectOf(bundle);
  async function* replayed(): AsyncGenerator<Replayed> {
    const replayer = await replayerOf(project);
    for await (const history of histories) yield await replayer.replay(history);
  }
  const run = startPipeline({
    setUp: () =>
      Promise.resolve({
        cwd: process.cwd(),
        projects: [project],
        fast: false,
        engine: 'core',
        diagnosis: DEFAULT_DIAGNOSIS_NEEDS,
        coverage: false,
      }),
    openGate: () => Promise.resolve(null),
    replay: replayed,
    signal: undefined,
    // The test's own process has bundled the code.
    advise: async (diagnosis) => untriedGroups(await diagnosis.group(), 'prebuilt'),
    coverage: null,
  });
  return run.report();
}

function replayerOf(project: BuiltProject): Promise<HistoryReplayer> {
  const known = replayers.get(project.bundlePath);
  if (known) return known;
  const made = newReplayer(project);
  replayers.set(project.bundlePath, made);
  return made;
}

async function newReplayer(project: BuiltProject): Promise<HistoryReplayer> {
  // The promise hook stays: with it, the live workers of this process tell where a workflow waits.
  return new HistoryReplayer([await loadProject(project)], {
    fast: false,
    shared: replayCreatorOf,
    diagnosis: DEFAULT_DIAGNOSIS_NEEDS,
    counters: null,
  });
}

const projectOf = ({ path, hash, contexts, workflowTypes, worker }: Bundle): BuiltProject => ({
  name: 'test',
  // The runs were in the namespace of the test's server.
  worker: { ...worker, namespace: null },
  taskQueue: null,
  deploymentVersion: null,
  workerNamespace: null,
  inputs: [],
  bundlePath: path,
  bundleHash: hash,
  contexts,
  workflowTypes,
});

/** Compares the activations that the screen makes of recorded histories with those that core sends. */
import { readFileSync } from 'node:fs';
import { coresdk } from '@temporalio/proto';
import type { ReplayableProject } from '../../src/replay/engine/loaded-project';
import { ReplayStream } from '../../src/replay/engine/core/replay-stream';
import { PayloadSteps } from '../../src/replay/engine/payload-steps';
import { preparedHistory } from '../../src/replay/engine/prepared-history';
import { Unsure } from '../../src/replay/engine/screen/unsure';
import { WorkflowMachines } from '../../src/replay/engine/screen/workflow-machines';
import { buildIdOfReplayWorker } from '../../src/sdk/replay-worker-version';
import { parsedBundle } from '../../src/sdk/workflow-creator';
import type { SdkActivation } from '../../src/sdk/activation-jobs';
import type { Command } from '../../src/temporal/commands';
import { identityOf } from '../../src/temporal/identity';
import type { ReadHistory } from './services';

const { WorkflowActivation } = coresdk.workflow_activation;

interface Step {
  activation: object;
  commands: readonly Command[];
}

export interface ComparedActivations {
  /** Number of core's activations that the screen made the same. */
  equal: number;
  /** Number of activations that core sent. */
  total: number;
  /** The first difference, or the reason for which the screen stopped. */
  difference: { core: object | null; screen: object | null } | null;
  unsure: string | null;
}

/** Returns an activation with every field, so that an absent one equals its default. Core has maps in a random order. */
const comparable = (activation: SdkActivation): object =>
  sorted(
    WorkflowActivation.toObject(WorkflowActivation.fromObject(activation), {
      defaults: true,
      longs: String,
      bytes: String,
    }),
  ) as object;

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, sorted(item)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Records the activations of core and the commands with which the code answered each. */
async function recordedSteps(
  stream: ReplayStream,
  { history }: ReadHistory,
): Promise<{ steps: Step[]; hasFailed: boolean }> {
  const identity = identityOf(history);
  const steps: Step[] = [];
  const namespace = identity.namespace ?? 'default';
  const { recording } = await stream.replay({
    history,
    workflowId: identity.workflowId ?? 'unknown',
    identity: { taskQueue: identity.taskQueue ?? '', namespace },
    observer: {
      begin: () => undefined,
      observe(activation, commands) {
        steps.push({ activation: comparable(activation), commands });
        return Promise.resolve();
      },
    },
  });
  return { steps, hasFailed: recording.failure !== null };
}

export async function compareActivations(
  project: ReplayableProject,
  histories: readonly ReadHistory[],
): Promise<Map<ReadHistory, ComparedActivations>> {
  const compared = new Map<ReadHistory, ComparedActivations>();
  const stream = new ReplayStream(project, {
    fast: true,
    counters: null,
    contexts: project.contexts.kind,
    namespace: 'default',
  });
  const payloadSteps = new PayloadSteps(project.settings.dataConverter ?? {});
  const bundle = parsedBundle(readFileSync(project.bundlePath, 'utf8'), project.bundlePath) as {
    code: string;
  };
  const workerVersion = () => ({ deploymentName: '', buildId: buildIdOfReplayWorker(bundle.code) });
  for (const read of histories) {
    const recorded = await recordedSteps(stream, read);
    const identity = identityOf(read.history);
    const namespace = identity.namespace ?? 'default';
    const { events, input } = await preparedHistory(
      { history: read.history, identity, namespace },
      payloadSteps,
    );
    const { workflowId } = input;
    compared.set(
      read,
      compare(recorded, {
        make: () => new WorkflowMachines(events, { workflowId, workerVersion }),
        runId: identity.originalRunId!,
      }),
    );
  }
  await stream.close();
  return compared;
}

function compare(
  { steps, hasFailed }: { steps: readonly Step[]; hasFailed: boolean },
  { make, runId }: { make: () => WorkflowMachines; runId: string },
): ComparedActivations {
  let equal = 0;
  const total = steps.length;
  try {
    const machines = make();
    for (const { activation, commands } of steps) {
      const made = machines.nextActivation(runId);
      const screen = made && comparable(made);
      if (JSON.stringify(screen) !== JSON.stringify(activation))
        return { equal, total, difference: { core: activation, screen }, unsure: null };
      equal++;
      machines.complete(commands);
    }
    // The activation in which the code failed is not observed.
    const further = hasFailed ? null : machines.nextActivation(runId);
    const difference = further && { core: null, screen: comparable(further) };
    return { equal, total, difference, unsure: null };
  } catch (err) {
    if (!(err instanceof Unsure)) throw err;
    return { equal, total, difference: null, unsure: err.message };
  }
}

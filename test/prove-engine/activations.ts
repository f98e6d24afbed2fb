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

interface CoreReplay {
  steps: readonly Step[];
  /** True if the code, or a codec, failed in a workflow task. */
  hasFailed: boolean;
  /** The error with which core refused the commands or the history; null if it reached the end of the history. */
  error: string | null;
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
async function recordedSteps(stream: ReplayStream, { history }: ReadHistory): Promise<CoreReplay> {
  const identity = identityOf(history);
  const steps: Step[] = [];
  const namespace = identity.namespace ?? 'default';
  const { recording, coreError } = await stream.replay({
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
  const isRefusal = coreError?.about === 'commands' || coreError?.about === 'machines';
  const error = isRefusal ? coreError.message : null;
  return { steps, hasFailed: recording.failure !== null || coreError?.about === 'task', error };
}

/** Compares the activations of one history after the other, until it is closed. */
export class ActivationsComparison {
  private readonly stream: ReplayStream;
  private readonly payloadSteps: PayloadSteps;
  private readonly buildId: string;

  constructor(project: ReplayableProject) {
    this.stream = new ReplayStream(project, {
      fast: true,
      counters: null,
      contexts: project.contexts.kind,
      namespace: 'default',
    });
    this.payloadSteps = new PayloadSteps(project.settings.dataConverter ?? {});
    const bundle = parsedBundle(readFileSync(project.bundlePath, 'utf8'), project.bundlePath) as {
      code: string;
    };
    this.buildId = buildIdOfReplayWorker(bundle.code);
  }

  /** `isChanged` is true for a history that no server has recorded. */
  async compare(read: ReadHistory, isChanged = false): Promise<ComparedActivations> {
    const replay = await recordedSteps(this.stream, read);
    const identity = identityOf(read.history);
    const namespace = identity.namespace ?? 'default';
    const { events, input } = await preparedHistory(
      { history: read.history, identity, namespace },
      this.payloadSteps,
    );
    const { workflowId } = input;
    const workerVersion = () => ({ deploymentName: '', buildId: this.buildId });
    return compare(replay, {
      make: () => new WorkflowMachines(events, { workflowId, workerVersion }),
      runId: identity.originalRunId!,
      isChanged,
    });
  }

  async close(): Promise<void> {
    await this.stream.close();
  }
}

function compare(
  { steps, hasFailed, error }: CoreReplay,
  { make, runId, isChanged }: { make: () => WorkflowMachines; runId: string; isChanged: boolean },
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
    if (hasFailed) return { equal, total, difference: null, unsure: null };
    const next = machines.nextActivation(runId);
    // Core need not send an activation past the recorded workflow tasks before the replay ends.
    const further = isChanged && next?.isReplaying === false ? null : next;
    const screen = further && comparable(further);
    const difference =
      error !== null ? { core: { error }, screen } : screen === null ? null : { core: null, screen };
    return { equal, total, difference, unsure: null };
  } catch (err) {
    if (!(err instanceof Unsure)) throw err;
    return { equal, total, difference: null, unsure: err.message };
  }
}

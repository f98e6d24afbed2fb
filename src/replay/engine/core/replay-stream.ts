import type { temporal } from '@temporalio/proto';
import type { ReplayWorkerOptions } from '@temporalio/worker';
import type { CounterStore } from '../../../sdk/coverage-counters';
import type { ReplayableProject } from '../loaded-project';
import {
  type CurrentReplay,
  type SharedCreators,
  type Observer,
  type Recording,
  type ReplayedIdentity,
  createRecordingWorker,
} from './recording';

export interface ReplayInput {
  history: temporal.api.history.v1.IHistory;
  workflowId: string;
  identity: ReplayedIdentity;
  observer?: Observer;
}

export interface ReplayOutcome {
  recording: Recording;
  /** Message of core's refusal; null where it accepted the history. */
  coreError: string | null;
}

export interface ReplayStreamOptions {
  fast: boolean;
  counters: CounterStore | null;
  shared?: SharedCreators | undefined;
}

/**
 * One long-lived `Worker.runReplayHistories` that is fed history by history: building a worker (and loading its bundle)
 * for each one would cost more than most replays.
 */
export class ReplayStream {
  private readonly results: ReturnType<ReturnType<typeof createRecordingWorker>['runReplayHistories']>;
  private current: CurrentReplay | null = null;
  private deliver: ((item: ReplayInput | null) => void) | null = null;
  private readonly backlog: (ReplayInput | null)[] = [];
  private last: Promise<unknown> = Promise.resolve();

  constructor(project: ReplayableProject, { fast, counters, shared }: ReplayStreamOptions) {
    const worker = createRecordingWorker({ fast, counters, shared, current: () => this.current! });
    this.results = worker.runReplayHistories(workerOptionsFor(project), this.histories());
  }

  /**
   * One after another: what is recorded belongs to the history that is under way.
   *
   * @throws whatever the SDK throws where the worker itself breaks; the stream is of no use afterwards.
   */
  replay(input: ReplayInput): Promise<ReplayOutcome> {
    const outcome = this.last.then(() => this.replayNow(input));
    this.last = outcome.catch(() => undefined);
    return outcome;
  }

  async close(): Promise<void> {
    await this.last;
    this.push(null);
    await this.results.next();
  }

  private async replayNow(input: ReplayInput): Promise<ReplayOutcome> {
    const recording: Recording = { activations: [], failure: null };
    this.current = { recording, identity: input.identity, observer: input.observer ?? null };
    this.push(input);
    const next = await this.results.next();
    if (next.done) throw new Error('the replay worker ended');
    const { error } = next.value as { error?: Error };
    return { recording, coreError: error?.message ?? null };
  }

  private push(item: ReplayInput | null): void {
    const deliver = this.deliver;
    this.deliver = null;
    if (deliver) deliver(item);
    else this.backlog.push(item);
  }

  private async *histories(): AsyncGenerator<{
    history: temporal.api.history.v1.IHistory;
    workflowId: string;
  }> {
    for (;;) {
      const item = this.backlog.length > 0 ? this.backlog.shift()! : await this.nextPushed();
      if (item === null) return;
      yield { history: item.history, workflowId: item.workflowId };
    }
  }

  private nextPushed(): Promise<ReplayInput | null> {
    return new Promise((resolve) => (this.deliver = resolve));
  }
}

/**
 * Returns the options of the SDK's replay worker. Of a data converter it gets the codecs alone: the payload and failure
 * converters are in the bundle, and the SDK would load their files as they are, TypeScript included.
 */
function workerOptionsFor({ bundlePath, payloadCodecs }: ReplayableProject): ReplayWorkerOptions {
  return {
    workflowBundle: { codePath: bundlePath },
    ...(payloadCodecs.length > 0 && { dataConverter: { payloadCodecs: [...payloadCodecs] } }),
  };
}

import type { temporal } from '@temporalio/proto';
import type { ReplayWorkerOptions, WorkerOptions } from '@temporalio/worker';
import type { V8Contexts } from '../../../model/v8-contexts';
import type { CounterStore } from '../../../sdk/coverage-counters';
import { withoutNondeterminism } from '../../../sdk/failure-error-types';
import { evictionReasonOf, rememberEvictionReasons } from '../../../sdk/eviction-reasons';
import type { CoreError } from '../../verdict/judge';
import type { ReplayableProject } from '../loaded-project';
import type { OutsideCalls } from '../outside-calls';
import { PayloadSteps } from '../payload-steps';
import {
  type CurrentReplay,
  type Observer,
  type Recording,
  type ReplayedIdentity,
  emptyRecording,
  recordUndecoded,
} from '../recorded-workflow';
import { type SharedCreators, createRecordingWorker } from './recording';
import { type ChangedState, SharedState } from '../shared-state';

export interface ReplayInput {
  history: temporal.api.history.v1.IHistory;
  workflowId: string;
  identity: ReplayedIdentity;
  observer?: Observer;
}

export interface ReplayOutcome {
  recording: Recording;
  /** The error with which core ended the replay; null if it reached the end of the history. */
  coreError: CoreError | null;
  /** The property that the workflow has changed for those after it; null if there is none. */
  changed: ChangedState | null;
}

export interface ReplayStreamOptions {
  fast: boolean;
  counters: CounterStore | null;
  contexts: V8Contexts['kind'];
  shared?: SharedCreators | undefined;
  outside?: OutsideCalls | undefined;
  /** Namespace in the context of payload codecs. */
  namespace: string;
}

/**
 * One long-lived `Worker.runReplayHistories`, to which histories are passed one by one. A new worker, which loads its
 * bundle again, for each history would take longer than most replays.
 */
export class ReplayStream {
  private readonly results: ReturnType<ReturnType<typeof createRecordingWorker>['runReplayHistories']>;
  private readonly steps: PayloadSteps;
  private readonly sharedState = new SharedState();
  private current: CurrentReplay | null = null;
  private deliver: ((item: ReplayInput | null) => void) | null = null;
  private readonly backlog: (ReplayInput | null)[] = [];
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly project: ReplayableProject,
    options: ReplayStreamOptions,
  ) {
    const worker = createRecordingWorker({
      ...options,
      current: () => this.current!,
      sharedState: this.sharedState,
    });
    this.steps = new PayloadSteps(project.settings.dataConverter ?? {}, { outside: options.outside });
    rememberEvictionReasons();
    this.results = worker.runReplayHistories(
      workerOptionsFor(project, options, this.steps),
      this.histories(),
    );
  }

  /**
   * Replays a history once the earlier ones are replayed, since everything recorded belongs to the current history.
   *
   * @throws the SDK's error if the worker itself breaks; the stream cannot be used after it
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
    const recording = emptyRecording();
    this.steps.begin((payload) => recordUndecoded(recording, payload));
    this.current = {
      recording,
      identity: input.identity,
      observer: input.observer ?? null,
      failureErrorTypes: this.project.settings.workflowFailureErrorTypes,
    };
    this.push(input);
    const next = await this.results.next();
    if (next.done) throw new Error('the replay worker ended');
    const { error } = next.value as { error?: Error };
    const changed = this.sharedState.change();
    return { recording, coreError: error ? coreErrorOf(error) : null, changed };
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

const ABOUT = {
  nondeterminism: 'commands',
  fatal: 'machines',
  'task-failed': 'task',
  other: 'other',
} as const;

const coreErrorOf = (error: Error): CoreError => ({
  about: ABOUT[evictionReasonOf(error)],
  message: error.message,
});

/** Returns the options of the SDK's replay worker. Its plugins have configured it before. */
const workerOptionsFor = (
  { bundlePath, settings: { workflowFailureErrorTypes: failureTypes, ...settings } }: ReplayableProject,
  { contexts, namespace }: ReplayStreamOptions,
  { payloadCodecs, externalStorage }: PayloadSteps,
): ReplayWorkerOptions => ({
  ...settings,
  dataConverter: { ...settings.dataConverter, payloadCodecs, externalStorage },
  ...(failureTypes && { workflowFailureErrorTypes: withoutNondeterminism(failureTypes) }),
  // `ReplayWorkerOptions` does not declare it, but the SDK's replay worker takes it (`constructReplayWorker`).
  ...({ namespace } satisfies Pick<WorkerOptions, 'namespace'>),
  workflowBundle: { codePath: bundlePath },
  reuseV8Context: contexts === 'reused',
});

import type { temporal } from '@temporalio/proto';
import type { EngineChoice } from '../../model/engine';
import type { ReplayTrace } from '../../model/diagnosis';
import type { Counters, CounterStore } from '../../sdk/coverage-counters';
import type { HistoryIdentity } from '../../temporal/identity';
import type { DiagnosisNeeds, IsolationFault, SharedChange } from '../setup';
import type { Judgement } from '../verdict/judge';
import type { OutsideCalls } from './outside-calls';

/** A validated history for an engine to replay. The engine's bundle has its workflow type. */
export interface ReplayRequest {
  history: temporal.api.history.v1.IHistory;
  identity: HistoryIdentity;
  /** Namespace that workflow code sees. */
  namespace: string;
  /** Called with the judgement before the second pass, which may not come back. */
  onJudged?(judgement: Judgement): void;
}

/** The outcome of the replay of one history. */
export interface EngineAnswer {
  judgement: Judgement;
  /** Present if the options ask for a trace of histories with this verdict. */
  trace?: ReplayTrace;
  /** Counters of the code that ran. Present if the bundle is instrumented. */
  counters?: Counters;
  /** Present if the code cannot be replayed in a reused V8 context. */
  isolationFault?: IsolationFault;
  /** Present if the code has changed what workflows share. */
  sharedChange?: SharedChange;
}

/** The answer of an engine that leaves a history to the next one. */
export interface Unanswered {
  /** The reason, in a few words that are the same for all histories with it. */
  unsure: string;
  /** True if the code has changed what all V8 contexts of the process share, so that the next engine needs another process. */
  needsNewProcess?: boolean;
}

/**
 * One way to replay histories against the bundle of one project, one history at a time. An engine may leave a history to the
 * next engine of `engines.ts`: a fast engine those that it does not fully support to a slower one.
 */
export interface ReplayEngine {
  /**
   * Replays a history, or leaves it to the next engine.
   *
   * @throws OwnFault for an error of this package, which is INTERNAL_ERROR, or another error if the engine itself breaks. The
   * history then fails with REPLAY_FAILED. The project's engines are dropped without being closed, and made anew for its next
   * history.
   */
  replay(request: ReplayRequest): Promise<EngineAnswer | Unanswered>;
  /** Closes the engine. It replays no history afterwards. */
  close(): Promise<void>;
}

/** Options that every engine gets. */
export interface EngineOptions {
  /** Leaves out the SDK's promise hook and vm timeouts. */
  fast: boolean;
  /** The engines that are asked. @default 'core' */
  engine?: EngineChoice;
  diagnosis: DiagnosisNeeds;
  /** The calls of codecs and storage drivers over the history that is replayed. */
  outside?: OutsideCalls;
  /** Counters of instrumented code; null if the bundles are not instrumented. */
  counters: CounterStore | null;
}

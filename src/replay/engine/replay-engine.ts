import type { temporal } from '@temporalio/proto';
import type { ReplayTrace } from '../../model/diagnosis';
import type { Counters, CounterStore } from '../../sdk/coverage-counters';
import type { HistoryIdentity } from '../../temporal/identity';
import type { DiagnosisNeeds } from '../setup';
import type { Judgement } from '../verdict/judge';

/** The history that an engine is asked to replay. It has been validated, and its code is in the engine's bundle. */
export interface ReplayRequest {
  history: temporal.api.history.v1.IHistory;
  identity: HistoryIdentity;
  /** Namespace that workflow code sees. */
  namespace: string;
}

/** What replaying a history showed. */
export interface EngineAnswer {
  judgement: Judgement;
  /** Present if the options ask for a trace of a history with this verdict. */
  trace?: ReplayTrace;
  /** Counters of the code that ran; only of an instrumented bundle. */
  counters?: Counters;
}

/**
 * One way of replaying histories against the bundle of one project. An engine is asked for one history after another.
 * It may answer with any verdict, or with null: then the next engine of the table in `engines.ts` is asked, so that a fast
 * engine may leave histories that it does not fully cover to a slower one.
 */
export interface ReplayEngine {
  /** @throws whatever breaks the engine itself; it is then closed and made anew for the next history. */
  replay(request: ReplayRequest): Promise<EngineAnswer | null>;
  /** Ends the engine; nothing is replayed after it. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Leaves out the SDK's promise hook and vm timeouts. */
  fast: boolean;
  diagnosis: DiagnosisNeeds;
  /** Where the code of instrumented bundles counts; null for other bundles. */
  counters: CounterStore | null;
}

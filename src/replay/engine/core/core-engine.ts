import { isDeepStrictEqual } from 'node:util';
import type { ReplayTrace } from '../../../model/diagnosis';
import type { V8Contexts } from '../../../model/v8-contexts';
import { type MessageParts, messageParts } from '../../../model/message';
import { guardOwn } from '../../../model/own-fault';
import type { UndecodedPayload } from '../../../model/undecoded-payload';
import { canFailRun, isAboutCode } from '../../../model/verdict';
import type { Counters } from '../../../sdk/coverage-counters';
import { isClosed } from '../../../temporal/event';
import { timelineOf } from '../../../temporal/timeline';
import { bareTrace, brokenOffTrace } from '../../trace/bare-trace';
import { NewRun } from '../../trace/new-run';
import { DiagnosticPass, windowOf } from '../../trace/diagnostic-pass';
import { type Evidence, type Judgement, judge } from '../../verdict/judge';
import { runFailureOf } from '../../verdict/run-failure';
import type { IsolationFault, SharedChange } from '../../setup';
import { decodingSourceOf } from '../decoding-source';
import type { ReplayableProject } from '../loaded-project';
import { PayloadSteps } from '../payload-steps';
import { type PreparedHistory, preparedHistory } from '../prepared-history';
import type { EngineAnswer, EngineOptions, ReplayEngine, ReplayRequest } from '../replay-engine';
import { GuardedObserver } from './guarded-observer';
import type { SharedCreators } from './recording';
import { type ReplayInput, ReplayStream } from './replay-stream';
import type { ChangedState } from '../shared-state';

export interface CoreEngineOptions extends EngineOptions {
  /** Creators of the bundles that this process also runs live, so that they are not loaded twice. */
  shared?: SharedCreators;
  /** Called before the first replay with core. */
  beforeCore?: () => void;
}

/** One replay, with what it was judged by. */
interface JudgedReplay {
  contexts: V8Contexts['kind'];
  input: ReplayInput;
  evidence: Evidence;
  judgement: Judgement;
  counters: Counters | undefined;
}

/**
 * Replays with the SDK's own replay worker and core, and judges the commands that the code produced.
 *
 * If it is not known that the service's own worker reuses one V8 context, a failure in a reused context does not count if
 * two replays in contexts of their own agree on another result. Contexts of their own are then used from then on.
 */
export class CoreEngine implements ReplayEngine {
  /** The open streams, by the kind of their contexts and the namespace of their workers. */
  private readonly streams = new Map<string, ReplayStream>();
  private isolationFault: IsolationFault | null = null;
  /** True once a workflow has changed what workflows of its V8 context share: each has a context of its own from then on. */
  private isContextChanged = false;
  private sharedChange: SharedChange | null = null;

  private readonly steps: PayloadSteps;

  constructor(
    private readonly project: ReplayableProject,
    private readonly options: CoreEngineOptions,
  ) {
    this.steps = new PayloadSteps(project.settings.dataConverter ?? {}, { outside: options.outside });
  }

  async replay(request: ReplayRequest): Promise<EngineAnswer> {
    if (this.options.diagnosis.traces === 'new-run') return this.newRun(request);
    const judged = await this.isolated(request);
    const { undecoded, ...judgement } = judged.judgement;
    const { counters } = judged;
    const isTraced = this.isTraced(judgement);
    if (isTraced) request.onJudged?.(judgement);
    const trace = isTraced ? await this.anyTrace(judged, undecoded ?? null) : null;
    const sharedChange = this.takeChange();
    return {
      judgement,
      ...(counters && { counters }),
      ...(trace && { trace }),
      ...(sharedChange && { sharedChange }),
      ...(this.isolationFault && { isolationFault: this.isolationFault }),
    };
  }

  /** Returns the trace, or what is left of it if the second pass breaks off: the judgement stands. */
  private async anyTrace(judged: JudgedReplay, undecoded: UndecodedPayload | null): Promise<ReplayTrace> {
    try {
      return isAboutCode(judged.judgement) ? await this.trace(judged) : this.traceOfFault(judged, undecoded);
    } catch (err) {
      return brokenOffTrace(judged.judgement, !isClosed(judged.evidence.events), err);
    }
  }

  /** Plays a new run in place of the recorded one, from the first workflow task on. */
  private async newRun(request: ReplayRequest): Promise<EngineAnswer> {
    const { input, events } = await preparedHistory(request, this.steps);
    const recorded = input.history.events ?? [];
    const begun = recorded.findIndex((event) => event.workflowTaskStartedEventAttributes);
    const newRun = new NewRun(events);
    const observer = new GuardedObserver(newRun);
    const history = { events: recorded.slice(0, begun + 1) };
    await this.streamFor(input, 'own').replay({ ...input, history, observer });
    observer.throwFault();
    const judgement: Judgement = { verdict: 'compatible', verifiedEvents: 0, drift: [] };
    return { judgement, trace: { ...bareTrace(judgement, true), rows: newRun.rows() } };
  }

  /** Returns the change that the last history has made. */
  private takeChange(): SharedChange | null {
    const change = this.sharedChange;
    this.sharedChange = null;
    return change;
  }

  private noteChange(changed: ChangedState | null): void {
    if (changed === null) return;
    if (!changed.isOfProcess) this.isContextChanged = true;
    this.sharedChange ??= { project: this.project.name, ...changed };
  }

  async close(): Promise<void> {
    await Promise.all([...this.streams.values()].map((stream) => stream.close()));
  }

  /** Replays so that the result is that of the history alone. */
  private async isolated(request: ReplayRequest): Promise<JudgedReplay> {
    const recorded = await preparedHistory(request, this.steps);
    const { kind, because } = this.project.contexts;
    if (kind === 'own' || this.isolationFault || this.isContextChanged) return this.judged(recorded, 'own');
    const reused = await this.judged(recorded, 'reused');
    if (because === 'option' || !canFailRun(reused.judgement.verdict)) return reused;
    // Codecs and drivers run outside of the context.
    if (reused.judgement.undecoded && reused.judgement.undecoded.step !== 'converter') return reused;
    const own = await this.judged(recorded, 'own');
    if (isDeepStrictEqual(own.judgement, reused.judgement)) return reused;
    // Code that does something else each time is at fault itself: contexts of their own don't make it the same twice.
    const again = await this.judged(recorded, 'own');
    if (!isDeepStrictEqual(again.judgement, own.judgement)) return reused;
    this.isolationFault = { project: this.project.name, outcome: outcomeOf(reused.judgement) };
    return own;
  }

  private async judged(
    { input, events, undecoded, run }: PreparedHistory,
    contexts: V8Contexts['kind'],
  ): Promise<JudgedReplay> {
    const { recording, coreError, changed } = await this.streamFor(input, contexts).replay(input);
    this.noteChange(changed);
    const counters = this.options.counters?.take();
    const { activations, encodings, undecoded: inReplay } = recording;
    const evidence: Evidence = {
      events,
      activations,
      failure: recording.failure ?? runFailureOf(events, activations),
      coreError,
      undecoded: { inReplay, inEvents: undecoded, encodings },
      run,
    };
    return { contexts, input, evidence, judgement: guardOwn(() => judge(evidence)), counters };
  }

  private isTraced({ verdict }: Judgement): boolean {
    const { traces } = this.options.diagnosis;
    return traces === 'all' || (traces === 'failures' && canFailRun(verdict));
  }

  /** Replays once more, to find the call that each command comes from. */
  private async trace({ contexts, input, evidence, judgement }: JudgedReplay): Promise<ReplayTrace> {
    const pass = new DiagnosticPass(evidence, judgement);
    const observer = new GuardedObserver(pass);
    try {
      const kind = this.isContextChanged ? 'own' : contexts;
      const { changed } = await this.streamFor(input, kind).replay({ ...input, observer });
      this.noteChange(changed);
    } catch (err) {
      // A stream that has thrown replays no further history.
      this.streams.clear();
      throw err;
    }
    observer.throwFault();
    const trace = pass.finish();
    // This pass also runs the code with made-up results, which no history covers: its counters are dropped.
    this.options.counters?.take();
    const { contextRows, timelines } = this.options.diagnosis;
    return {
      ...trace,
      ...(contextRows !== null && { rows: windowOf(trace.rows, contextRows) }),
      ...(timelines && { timeline: timelineOf(evidence.events) }),
    };
  }

  /** Returns the trace of a history that failed by a fault that is not the code's. It has no place in the code. */
  private traceOfFault(
    { evidence, judgement }: JudgedReplay,
    undecoded: UndecodedPayload | null,
  ): ReplayTrace {
    const { timelines } = this.options.diagnosis;
    return {
      ...bareTrace(judgement, !isClosed(evidence.events)),
      undecoded: undecoded && this.decodingOf(undecoded),
      ...(timelines && { timeline: timelineOf(evidence.events) }),
    };
  }

  private decodingOf({ step, subject, message }: UndecodedPayload): NonNullable<ReplayTrace['undecoded']> {
    const { worker, payloadCodecs } = this.project;
    return { step, subject, source: decodingSourceOf(worker, payloadCodecs, message) };
  }

  /**
   * Returns the stream for a history. The SDK tells codecs the namespace of the worker, not that of the history, so that each
   * namespace needs a worker of its own where there are codecs.
   */
  private streamFor({ identity: { namespace } }: ReplayInput, contexts: V8Contexts['kind']): ReplayStream {
    const key = `${contexts} ${this.project.payloadCodecs.length > 0 ? namespace : ''}`;
    const open = this.streams.get(key);
    if (open) return open;
    const { fast, counters, shared, outside } = this.options;
    const stream = new ReplayStream(this.project, { fast, counters, contexts, shared, outside, namespace });
    this.streams.set(key, stream);
    return stream;
  }
}

/** Returns the parts of `failed TypeError: …` or `incompatible at event 7`. */
function outcomeOf({ verdict, error, divergence }: Judgement): MessageParts {
  const at = divergence ? ` at event ${divergence.eventId}` : '';
  const { errorType = null, foreign = null } = error?.parts ?? {};
  return messageParts({ own: `${verdict}${at}`, errorType, foreign });
}

import type { ReplayTrace } from '../../../model/diagnosis';
import { canFailRun } from '../../../model/verdict';
import { timelineOf } from '../../../temporal/timeline';
import { DiagnosticPass, windowOf } from '../../trace/diagnostic-pass';
import { type Evidence, type Judgement, judge } from '../../verdict/judge';
import type { ReplayableProject } from '../loaded-project';
import type { EngineAnswer, EngineOptions, ReplayEngine, ReplayRequest } from '../replay-engine';
import { decodedEvents } from './decoded-events';
import type { SharedCreators } from './recording';
import { type ReplayInput, ReplayStream } from './replay-stream';

export interface CoreEngineOptions extends EngineOptions {
  /** Creators of the bundles that this process also runs live, so that they are not loaded twice. */
  shared?: SharedCreators;
}

/** Replays with the SDK's own replay worker and core, and judges the commands that the code produced. */
export class CoreEngine implements ReplayEngine {
  /** The open streams, by the namespace of their workers. */
  private readonly streams = new Map<string, ReplayStream>();

  constructor(
    private readonly project: ReplayableProject,
    private readonly options: CoreEngineOptions,
  ) {}

  async replay({ history, identity, namespace }: ReplayRequest): Promise<EngineAnswer> {
    const workflowId = identity.workflowId ?? 'unknown';
    const input: ReplayInput = {
      history,
      workflowId,
      identity: { taskQueue: identity.taskQueue ?? '', namespace },
    };
    const { recording, coreError } = await this.streamFor(input).replay(input);
    const counters = this.options.counters?.take();
    const events = await decodedEvents(history.events ?? [], this.project.payloadCodecs, {
      namespace,
      workflowId,
    });
    const started = events[0]?.workflowExecutionStartedEventAttributes ?? {};
    const run = { started, runIdAliases: identity.runIdAliases, namespace };
    const evidence: Evidence = { events, ...recording, coreError, run };
    const judgement = judge(evidence);
    return {
      judgement,
      ...(counters && { counters }),
      ...(this.isTraced(judgement) && { trace: await this.trace(input, evidence, judgement) }),
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.streams.values()].map((stream) => stream.close()));
  }

  private isTraced({ verdict }: Judgement): boolean {
    const { traces } = this.options.diagnosis;
    return traces === 'all' || (traces === 'failures' && canFailRun(verdict));
  }

  /** Replays a second time, to find the call that each command comes from. */
  private async trace(input: ReplayInput, evidence: Evidence, judgement: Judgement): Promise<ReplayTrace> {
    const pass = new DiagnosticPass(evidence, judgement);
    await this.streamFor(input).replay({ ...input, observer: pass });
    const trace = pass.finish();
    // The second pass also runs the code with made-up results, which no history covers: its counters are dropped.
    this.options.counters?.take();
    const { contextRows, timelines } = this.options.diagnosis;
    return {
      ...trace,
      ...(contextRows !== null && { rows: windowOf(trace.rows, contextRows) }),
      ...(timelines && { timeline: timelineOf(evidence.events) }),
    };
  }

  /**
   * Returns the stream for a history. The SDK tells codecs the namespace of the worker, not that of the history, so that each
   * namespace needs a worker of its own where there are codecs.
   */
  private streamFor({ identity: { namespace } }: ReplayInput): ReplayStream {
    const key = this.project.payloadCodecs.length > 0 ? namespace : '';
    const open = this.streams.get(key);
    if (open) return open;
    const { fast, counters, shared } = this.options;
    const stream = new ReplayStream(this.project, { fast, counters, shared, namespace });
    this.streams.set(key, stream);
    return stream;
  }
}

import type { ReplayWorkerOptions } from '@temporalio/worker';
import type { DecodedHistory } from '../history/decode';
import { isClosed } from '../temporal/event';
import { type HistoryIdentity, identityOf } from '../temporal/identity';
import { timelineOf } from '../temporal/timeline';
import { hasReplayableTask, validateHistory } from '../history/validate/validate';
import { messageOf } from '../errors';
import type { ReplayTrace } from '../model/diagnosis';
import { type HistoryReference, labelOfHistory } from '../model/history';
import { type ResultError, resultError } from '../model/result-error';
import type { HistoryResult } from '../model/verdict';
import type { CounterStore } from '../sdk/coverage-counters';
import { nearestName } from '../util/nearest-name';
import { type Evidence, judge } from './verdict/judge';
import { DiagnosticPass, windowOf } from './trace/diagnostic-pass';
import { decodedEvents, type PayloadCodecs } from './engine/payload-codecs';
import { bareTrace } from './trace/bare-trace';
import type { BundledProject, DiagnosisNeeds, Replayed } from './pool/protocol';
import type { SharedCreators } from './engine/recording';
import { type ReplayInput, ReplayStream } from './engine/replay-stream';

export type ReplayProject = BundledProject & { options: ReplayWorkerOptions | null };

/** A file that could not even be read. */
export interface UnreadableFile {
  reference: HistoryReference;
  workflowId?: string;
  runId?: string;
  history?: undefined;
  problem: { code: string; message: string };
}

type Decoded = Extract<DecodedHistory, { history: object }>;

type Verdict = Partial<HistoryResult> & Pick<Replayed, 'trace' | 'counters'>;

export interface ReplayerOptions {
  fast: boolean;
  diagnosis: DiagnosisNeeds;
  /** Where the bundles are instrumented. */
  counters?: CounterStore | null;
  /** Saves loading a bundle once more that this process runs live. */
  shared?: SharedCreators;
}

/** Core's own default where nothing says more. */
const DEFAULT_NAMESPACE = 'default';

/** Replays one history after another, each against the project whose bundle has its workflow type. */
export class HistoryReplayer {
  private readonly streams = new Map<ReplayProject, ReplayStream>();

  constructor(
    private readonly projects: readonly ReplayProject[],
    private readonly options: ReplayerOptions,
  ) {}

  /** The result as far as it is known without replaying. */
  describe(decoded: DecodedHistory | UnreadableFile): HistoryResult {
    const identity = decoded.history ? identityOf(decoded.history, decoded) : null;
    return {
      file: labelOfHistory(decoded.reference),
      history: decoded.reference,
      workflowId: identity?.workflowId ?? decoded.workflowId ?? null,
      runId: identity?.runId ?? decoded.runId ?? null,
      workflowType: identity?.workflowType || null,
      verdict: 'failed',
      events: decoded.history?.events?.length ?? 0,
      verifiedEvents: 0,
      durationMs: 0,
      drift: [],
    };
  }

  async replay(decoded: DecodedHistory | UnreadableFile): Promise<Replayed> {
    const startedAt = performance.now();
    const { trace, counters, ...verdict } = await this.verdictOf(decoded);
    const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
    const result = { ...this.describe(decoded), ...verdict, durationMs };
    const replayed = { result, ...(counters && { counters }) };
    if (trace) return { ...replayed, trace };
    return result.verdict === 'compatible' || this.options.diagnosis.traces === 'none'
      ? replayed
      : {
          ...replayed,
          trace: bareTrace(result, decoded.history ? !isClosed(decoded.history.events ?? []) : false),
        };
  }

  get hasWorker(): boolean {
    return this.streams.size > 0;
  }

  /** Ends the SDK's workers; nothing is replayed after it. */
  async close(): Promise<void> {
    await Promise.all([...this.streams.values()].map((stream) => stream.close()));
  }

  private async verdictOf(decoded: DecodedHistory | UnreadableFile): Promise<Verdict> {
    if (!decoded.history) return { verdict: 'invalid', error: errorOf(decoded.problem) };
    const problem = validateHistory(decoded.history);
    if (problem) return { verdict: 'invalid', error: errorOf(problem) };
    const identity = identityOf(decoded.history, decoded);
    const workflowType = identity.workflowType ?? '';
    const project = this.projectFor(workflowType);
    if (!project) return { verdict: 'failed', error: this.unknownType(workflowType) };
    if ('failure' in project || !project.options) {
      const own = 'failure' in project ? project.failure : 'the bundle is not loaded';
      return { verdict: 'failed', error: resultError({ code: 'BUNDLE_FAILED', own }) };
    }
    // Its first workflow task has not begun: no code has run, so none can be incompatible.
    if (!hasReplayableTask(decoded.history)) return { verdict: 'compatible' };
    return this.replayWith(project, decoded, identity);
  }

  private async replayWith(
    project: ReplayProject,
    { history }: Decoded,
    identity: HistoryIdentity,
  ): Promise<Verdict> {
    const namespace = project.namespace ?? identity.namespace ?? DEFAULT_NAMESPACE;
    const input: ReplayInput = {
      history,
      workflowId: identity.workflowId ?? 'unknown',
      identity: { taskQueue: identity.taskQueue ?? '', namespace },
    };
    try {
      const { recording, coreError } = await this.streamOf(project).replay(input);
      const counters = this.options.counters?.take();
      const events = await decodedEvents(history.events ?? [], codecsOf(project));
      const started = events[0]?.workflowExecutionStartedEventAttributes ?? {};
      const run = { started, runIdAliases: identity.runIdAliases, namespace };
      const evidence: Evidence = { events, ...recording, coreError, run };
      const verdict = { ...judge(evidence), ...(counters && { counters }) };
      const { traces } = this.options.diagnosis;
      const isTraced = traces === 'all' || (traces === 'failures' && verdict.verdict !== 'compatible');
      return isTraced ? { ...verdict, trace: await this.trace(project, input, evidence, verdict) } : verdict;
    } catch (err) {
      this.streams.delete(project);
      return { verdict: 'failed', error: resultError({ code: 'REPLAY_FAILED', foreign: messageOf(err) }) };
    }
  }

  /** Replays once more, to see where each command comes from. */
  private async trace(
    project: ReplayProject,
    input: ReplayInput,
    evidence: Evidence,
    verdict: ReturnType<typeof judge>,
  ): Promise<ReplayTrace> {
    const pass = new DiagnosticPass(evidence, verdict);
    await this.streamOf(project).replay({ ...input, observer: pass });
    const trace = pass.finish();
    // It ran made-up answers too: that is no code that a history exercises.
    this.options.counters?.take();
    const { contextRows, timelines } = this.options.diagnosis;
    return {
      ...trace,
      ...(contextRows !== null && { rows: windowOf(trace.rows, contextRows) }),
      ...(timelines && { timeline: timelineOf(evidence.events) }),
    };
  }

  private streamOf(project: ReplayProject): ReplayStream {
    const known = this.streams.get(project);
    if (known) return known;
    const stream = new ReplayStream(project.options!, {
      fast: this.options.fast,
      counters: this.options.counters ?? null,
      shared: this.options.shared,
    });
    this.streams.set(project, stream);
    return stream;
  }

  private projectFor(workflowType: string): ReplayProject | undefined {
    const has = (project: ReplayProject, type: string): boolean =>
      'workflowTypes' in project && project.workflowTypes.includes(type);
    return (
      this.projects.find((project) => has(project, workflowType)) ??
      // A bundle's default export runs every type that has no function of its own.
      this.projects.find((project) => has(project, 'default')) ??
      this.projects.find((project) => 'failure' in project)
    );
  }

  private unknownType(workflowType: string): ResultError {
    const types = this.projects.flatMap((project) =>
      'workflowTypes' in project ? project.workflowTypes : [],
    );
    const nearest = nearestName(workflowType, types);
    const guess = nearest ? ` Did you mean ${nearest}?` : '';
    const known = types.length > 0 ? `it has ${[...types].sort().join(', ')}` : 'it exports no workflow';
    const own = `The bundle has no workflow type ${workflowType}: ${known}.${guess}`;
    return resultError({ code: 'UNKNOWN_WORKFLOW_TYPE', own });
  }
}

/** Returns the problem of a history as the error of its result; its message never quotes the history's values. */
const errorOf = ({ code, message }: UnreadableFile['problem']): ResultError =>
  resultError({ code, own: message });

const codecsOf = (project: ReplayProject): PayloadCodecs => {
  const converter = project.options?.dataConverter;
  return converter?.payloadCodecs ?? [];
};

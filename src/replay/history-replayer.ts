import { messageOf } from '../errors';
import type { DecodedHistory } from '../history/decode';
import { hasReplayableTask, validateHistory } from '../history/validate/validate';
import { type HistoryReference, labelOfHistory } from '../model/history';
import type { EngineUse } from '../model/engine';
import { OwnFault } from '../model/own-fault';
import { type ResultError, internalError, resultError } from '../model/result-error';
import { VERDICTS, canFailRun, type HistoryResult } from '../model/verdict';
import { isClosed, timeOf } from '../temporal/event';
import { recordedVersionOf } from '../temporal/deployment-version';
import { shapeOf } from '../temporal/shape';
import { type HistoryIdentity, identityOf } from '../temporal/identity';
import type { CoreEngineOptions } from './engine/core/core-engine';
import { type EngineFactory, enginesOf } from './engine/engines';
import type { LoadedProject, ReplayableProject } from './engine/loaded-project';
import { OutsideCalls } from './engine/outside-calls';
import type { EngineAnswer, ReplayEngine, ReplayRequest, Unanswered } from './engine/replay-engine';
import { type HistoryOrigin, projectsFor, unknownWorkflowType } from './routing';
import type { Replayed } from './setup';
import { bareTrace } from './trace/bare-trace';
import { existingUnknownType } from './verdict/existing-failure';
import type { Judgement } from './verdict/judge';

/** A file that could not be read, in place of its histories. */
export interface UnreadableFile {
  reference: HistoryReference;
  workflowId?: string;
  runId?: string;
  history?: undefined;
  problem: { code: string; message: string };
}

/** A history that is about to be replayed. */
export interface PreparedHistory {
  /** The result before the replay. It is the base of the verdict if the process dies. */
  partial: HistoryResult;
  /** True if the recorded run was still open. */
  isOpen: boolean;
  /** Replays the history and returns its result. `onJudged` gets the result before the diagnosis, which may not come back. */
  replay(onJudged?: (result: HistoryResult) => void): Promise<Replayed>;
}

/** The engines that replay a history: the first one that answers, all of them, or core alone. */
export type EnginesAsked = 'in turn' | 'checked' | 'core';

type History = ReplayRequest['history'];
/** A history with how it is replayed. */
type Asked = Omit<ReplayRequest, 'namespace'> & { asked: EnginesAsked };
type OnJudged = NonNullable<ReplayRequest['onJudged']>;
type Prepared = Omit<PreparedHistory, 'replay'> & {
  identity: HistoryIdentity | null;
  onJudged: ((result: HistoryResult) => void) | undefined;
  asked: EnginesAsked;
};
type Outcome = Partial<HistoryResult> & Pick<HistoryResult, 'verdict'> & Omit<Replayed, 'result'>;

/** Namespace, also core's default, for histories with none in the options or in their events. */
const DEFAULT_NAMESPACE = 'default';

/** Thrown if a history has to be replayed by core alone, in a process of its own: the screen's replay has changed this one. */
export class NeedsNewProcess extends Error {
  override readonly name = 'NeedsNewProcess';
}

/** Replays histories: validates each one, finds its project, and asks the engines of that project in turn. */
export class HistoryReplayer {
  /** The engines in use, by project. */
  private readonly open = new Map<ReplayableProject, ReplayEngine[]>();
  private readonly outside: OutsideCalls;
  private readonly options: CoreEngineOptions;

  constructor(
    private readonly projects: readonly LoadedProject[],
    options: CoreEngineOptions & { onOutsideCalls?: (areGoingOn: boolean) => void },
    private readonly factories: readonly EngineFactory[] = enginesOf(options.engine ?? 'core'),
  ) {
    this.outside = new OutsideCalls(options.onOutsideCalls);
    this.options = { ...options, outside: this.outside };
  }

  /**
   * Returns a history with everything that is known about it before its replay. With `checked`, all engines replay it, and
   * their answers are compared; with `core`, the last engine alone does.
   */
  prepare(
    decoded: DecodedHistory | UnreadableFile,
    asked: EnginesAsked = this.options.engine === 'both' ? 'checked' : 'in turn',
  ): PreparedHistory {
    const identity = decoded.history ? identityOf(decoded.history, decoded) : null;
    const isOpen = decoded.history ? !isClosed(decoded.history.events ?? []) : false;
    const partial = partialResult(decoded, identity);
    return {
      partial,
      isOpen,
      replay: (onJudged) => this.guarded(decoded, { identity, partial, isOpen, onJudged, asked }),
    };
  }

  /** Replays a history and returns its result. Never rejects because of the history or an engine. */
  replay(decoded: DecodedHistory | UnreadableFile): Promise<Replayed> {
    return this.prepare(decoded).replay();
  }

  /** True if an engine is open, which keeps the SDK's runtime alive. */
  get hasEngine(): boolean {
    return this.open.size > 0;
  }

  /** Closes all engines. No history can be replayed afterwards. */
  async close(): Promise<void> {
    await Promise.all([...this.open.values()].flat().map((engine) => engine.close()));
  }

  /** An error of ours over one history is the result of that history alone. */
  private async guarded(decoded: DecodedHistory | UnreadableFile, prepared: Prepared): Promise<Replayed> {
    try {
      return await this.run(decoded, prepared);
    } catch (err) {
      if (err instanceof NeedsNewProcess) throw err;
      const { partial, isOpen } = prepared;
      const result: HistoryResult = { ...partial, verdict: 'failed', error: internalError(err) };
      return {
        result,
        ...(this.options.diagnosis.traces !== 'none' && { trace: bareTrace(result, isOpen) }),
      };
    }
  }

  private async run(
    decoded: DecodedHistory | UnreadableFile,
    { identity, partial, isOpen, onJudged, asked }: Prepared,
  ): Promise<Replayed> {
    const startedAt = performance.now();
    this.outside.reset();
    const judged = (judgement: Judgement): void => onJudged?.({ ...partial, ...judgement });
    const outcome = await this.outcomeOf(decoded, identity, { onJudged: judged, asked });
    const { trace, counters, isolationFault, sharedChange, ambiguity, engine, ...found } = outcome;
    const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
    const result = { ...partial, ...found, durationMs };
    const isTraced = trace || (canFailRun(result.verdict) && this.options.diagnosis.traces !== 'none');
    return {
      result,
      ...(counters && { counters }),
      ...(isolationFault && { isolationFault }),
      ...(sharedChange && { sharedChange }),
      ...(ambiguity && { ambiguity }),
      ...(engine && { engine }),
      ...(isTraced && { trace: trace ?? bareTrace(result, isOpen) }),
    };
  }

  private async outcomeOf(
    decoded: DecodedHistory | UnreadableFile,
    identity: HistoryIdentity | null,
    { onJudged, asked }: { onJudged: OnJudged; asked: EnginesAsked },
  ): Promise<Outcome> {
    if (!decoded.history || !identity) return { verdict: 'invalid', error: errorOf(decoded.problem!) };
    const problem = validateHistory(decoded.history);
    if (problem) return { verdict: 'invalid', error: errorOf(problem) };
    const origin = originOf(decoded.history, identity);
    const projects = projectsFor(origin, this.projects);
    if (projects.length === 0) {
      const error = unknownWorkflowType(origin, this.projects);
      const existing = existingUnknownType(decoded.history.events ?? []);
      return { verdict: 'failed', error, ...(existing && { existing }) };
    }
    if (projects.length === 1)
      return await this.outcomeWith(projects[0]!, {
        history: decoded.history,
        identity,
        onJudged,
        asked,
      });
    const outcome = await this.bestOutcome(projects, { history: decoded.history, identity, asked });
    return {
      ...outcome,
      ambiguity: { workflowType: origin.workflowType, projects: projects.map(({ name }) => name) },
    };
  }

  /** Replays with each project, until one is compatible. Returns the best outcome: the history may be of any of them. */
  private async bestOutcome(projects: readonly LoadedProject[], asked: Asked): Promise<Outcome> {
    let best: Outcome | null = null;
    for (const project of projects) {
      const outcome = await this.outcomeWith(project, asked);
      if (best === null || rankOf(outcome) > rankOf(best)) best = outcome;
      if (!canFailRun(best.verdict)) break;
    }
    return best!;
  }

  private async outcomeWith(
    project: LoadedProject,
    { history, identity, onJudged, asked }: Asked,
  ): Promise<Outcome> {
    if ('failure' in project) {
      const { summary, details } = project.failure;
      return { verdict: 'failed', error: resultError({ code: 'BUNDLE_FAILED', own: summary, details }) };
    }
    // The first workflow task has not begun: no code has run, so no code can be incompatible.
    if (!hasReplayableTask(history)) return { verdict: 'compatible' };
    const { worker, workerNamespace } = project;
    const namespace = worker.namespace ?? identity.namespace ?? workerNamespace ?? DEFAULT_NAMESPACE;
    try {
      const request: ReplayRequest = { history, identity, namespace, ...(onJudged && { onJudged }) };
      const { judgement, ...extras } = await this.answerOf(project, request, asked);
      return { ...judgement, ...extras };
    } catch (err) {
      if (err instanceof NeedsNewProcess) throw err;
      this.open.delete(project);
      if (err instanceof OwnFault) return { verdict: 'failed', error: internalError(err) };
      return { verdict: 'failed', error: resultError({ code: 'REPLAY_FAILED', foreign: messageOf(err) }) };
    }
  }

  /** Returns the answer of the first engine that gives one, or that of the last engine if it is checked. @throws NeedsNewProcess */
  private async answerOf(
    project: ReplayableProject,
    request: ReplayRequest,
    asked: EnginesAsked,
  ): Promise<EngineAnswer & { engine?: EngineUse }> {
    const all = this.enginesOf(project);
    const last = all.at(-1);
    const engines = asked === 'core' ? all.slice(-1) : all;
    const before: (EngineAnswer | Unanswered)[] = [];
    for (const engine of engines) {
      const answer = await engine.replay(request);
      const isKept =
        !('unsure' in answer) &&
        (engine === last || asked !== 'checked' || answer.sharedChange?.isOfProcess === true);
      if (isKept) return withUse(answer, before, all.length > 1 ? engine === last : null);
      if ('unsure' in answer && answer.needsNewProcess) throw new NeedsNewProcess();
      before.push(answer);
    }
    throw new Error('No replay engine answered.');
  }

  private enginesOf(project: ReplayableProject): ReplayEngine[] {
    const known = this.open.get(project);
    if (known) return known;
    const made = this.factories.map((make) => make(project, this.options));
    this.open.set(project, made);
    return made;
  }
}

const originOf = (history: History, identity: HistoryIdentity): HistoryOrigin => ({
  workflowType: identity.workflowType ?? '',
  taskQueue: identity.taskQueue,
  version: recordedVersionOf(history),
});

/**
 * Returns an answer with the engine that it came from, and with what the engines that were asked before have found. `isLast` is
 * null for the only engine.
 */
function withUse(
  answer: EngineAnswer,
  before: readonly (EngineAnswer | Unanswered)[],
  isLast: boolean | null,
): EngineAnswer & { engine?: EngineUse } {
  if (isLast === null) return answer;
  return { ...answer, engine: useOf(answer, before, isLast) };
}

function useOf(
  { judgement }: EngineAnswer,
  before: readonly (EngineAnswer | Unanswered)[],
  isLast: boolean,
): EngineUse {
  if (!isLast) return { by: 'screen' };
  const [screened] = before;
  if (screened === undefined) return { by: 'core' };
  if ('unsure' in screened) return { by: 'core', unsure: screened.unsure };
  return screened.judgement.verdict === judgement.verdict
    ? { by: 'screen', isChecked: true }
    : { by: 'core', disagrees: true };
}

const rankOf = ({ verdict }: Outcome): number => VERDICTS[verdict].rank;

/** Returns the problem of a history as the error of its result; its message never quotes the history's values. */
const errorOf = ({ code, message }: UnreadableFile['problem']): ResultError =>
  resultError({ code, own: message });

const partialResult = (
  decoded: DecodedHistory | UnreadableFile,
  identity: HistoryIdentity | null,
): HistoryResult => ({
  file: labelOfHistory(decoded.reference),
  history: decoded.reference,
  workflowId: identity?.workflowId ?? decoded.workflowId ?? null,
  runId: identity?.runId ?? decoded.runId ?? null,
  workflowType: identity?.workflowType || null,
  verdict: 'failed',
  events: decoded.history?.events?.length ?? 0,
  verifiedEvents: 0,
  durationMs: 0,
  ...(decoded.history && factsOf(decoded.history.events ?? [])),
  ...(identity?.namespace && { namespace: identity.namespace }),
  drift: [],
});

/** Returns what the events tell about a run, whatever its replay finds. */
function factsOf(
  events: NonNullable<History['events']>,
): Pick<HistoryResult, 'isOpen' | 'shape' | 'firstEventAt' | 'lastEventAt'> {
  const [first, last] = [timeOf(events[0]), timeOf(events.at(-1))];
  return {
    isOpen: !isClosed(events),
    shape: shapeOf(events),
    ...(first !== null && { firstEventAt: first }),
    ...(last !== null && { lastEventAt: last }),
  };
}

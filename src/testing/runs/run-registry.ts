import type { ActiveRun, FailedTask, RunStep } from '../worker/protocol';
import { nowMs } from '../time/clock';

/** A run as the test worker has reported it so far. */
export interface ObservedRun extends ActiveRun {
  firstActiveAtMs: number;
  lastActiveAtMs: number;
  /** Number of activations of its code, replays left out. */
  steps: number;
  /** Number of the last activations in a row that only fired timers. */
  timersInARow: number;
  failure: FailedTask | null;
  /** Set once the failure was reported to a wait, or to the test. */
  isReported: boolean;
  /** Set once a wait for it, or for an ancestor of it, has failed because of it. */
  isGivenUp: boolean;
  /** False once its code has asked to close it. A run that was terminated or timed out may still be open here. */
  isOpen: boolean;
  /** True if its code was activated since the run was last replayed. */
  isReplayDue: boolean;
  /** Set once it was terminated because its workflow task failed. */
  isTerminated: boolean;
}

/**
 * Real time without activity before time is skipped. The server holds time for a message only once it has arrived, so messages
 * that are on their way must arrive first.
 */
const QUIET_MS = 40;

/** The runs whose code has run in this environment, in the order of their start. */
export class RunRegistry {
  private readonly runs = new Map<string, ObservedRun>();
  /** Ids of workflows that a wait has given up since the last {@link takeGivenUp}. */
  private readonly givenUp = new Set<string>();
  /** Ids of the workflows that were started before the current test. */
  private idsBeforeTest: ReadonlySet<string> = new Set();
  /** Real time of the last activity in this environment. */
  lastActiveAtMs = nowMs();

  /** Begins a test: the runs so far do not belong to it. */
  beginTest(): void {
    this.idsBeforeTest = new Set(this.all().map(({ workflowId }) => workflowId));
  }

  /** Returns the runs that were started since the current test began, without descendants of earlier runs. */
  ofTest(): ObservedRun[] {
    return this.all().filter(({ workflowId }) => !this.isBeforeTest(workflowId));
  }

  private isBeforeTest(workflowId: string): boolean {
    return this.lineageOf(workflowId).some((id) => this.idsBeforeTest.has(id));
  }

  /** Records a run that a client has started; its code may not have run yet. */
  recordStart(run: ActiveRun): void {
    if (!this.runs.has(run.runId)) this.runOf(run).isReplayDue = false;
  }

  recordActivation(active: ActiveRun & RunStep): void {
    const run = this.runOf(active);
    run.isOpen = !active.ends;
    run.lastActiveAtMs = this.lastActiveAtMs = nowMs();
    run.isReplayDue = true;
    if (active.isReplay) return;
    run.steps++;
    run.timersInARow = active.isTimerOnly ? run.timersInARow + 1 : 0;
  }

  recordFailure(task: FailedTask): void {
    // Later attempts of the task fail with the same error, or a less specific one.
    this.runOf(task).failure ??= task;
    this.lastActiveAtMs = nowMs();
  }

  /** Records that something happened in this environment, such as the start of an activity. */
  recordActivity(): void {
    this.lastActiveAtMs = nowMs();
  }

  /** Makes a call, and records activity when it begins and when it ends. */
  async recordingActivity<T>(call: () => Promise<T>): Promise<T> {
    this.recordActivity();
    return call().finally(() => this.recordActivity());
  }

  /** Returns true if nothing has happened for `quietMs` of real time. */
  isQuiet(quietMs = QUIET_MS): boolean {
    return nowMs() - this.lastActiveAtMs > quietMs;
  }

  failures(): FailedTask[] {
    return [...this.runs.values()].flatMap(({ failure }) => (failure ? [failure] : []));
  }

  /** Returns the first failure that was not reported yet; null if there is none. */
  unreportedFailure(): FailedTask | null {
    return this.all().find(({ failure, isReported }) => failure !== null && !isReported)?.failure ?? null;
  }

  markReported({ runId }: FailedTask): void {
    const run = this.runs.get(runId);
    if (run) run.isReported = true;
  }

  /** Returns the runs whose code was activated since the last call. */
  takeReplayDue(): ObservedRun[] {
    const due = [...this.runs.values()].filter(({ isReplayDue }) => isReplayDue);
    for (const run of due) run.isReplayDue = false;
    return due;
  }

  /** Returns the runs with a failed workflow task that no earlier call has returned. */
  takeFailed(): ObservedRun[] {
    const failed = [...this.runs.values()].filter((run) => run.failure !== null && !run.isTerminated);
    for (const run of failed) run.isTerminated = true;
    return failed;
  }

  /** Records that a wait for `workflowId` has failed because of `stalledId`: that workflow, or a descendant of it. */
  giveUp(workflowId: string | null, stalledId: string): void {
    this.givenUp.add(stalledId).add(workflowId ?? stalledId);
    for (const run of this.all()) if (this.givenUp.has(run.workflowId)) run.isGivenUp = true;
  }

  /** Returns the ids of the workflows that were given up since the last call, and of their descendants, those first. */
  takeGivenUp(): string[] {
    const given = [...this.givenUp];
    this.givenUp.clear();
    const within = this.all()
      .map(({ workflowId }) => workflowId)
      .filter((id) => given.some((ancestor) => this.isWithin(id, ancestor)));
    return [...new Set([...given, ...within.reverse()])];
  }

  all(): ObservedRun[] {
    return [...this.runs.values()];
  }

  /** Returns true if a workflow is `ancestorId` or a descendant of it. Every workflow is within null. */
  isWithin(workflowId: string, ancestorId: string | null): boolean {
    return ancestorId === null || this.lineageOf(workflowId).includes(ancestorId);
  }

  /** Returns the run with the most activations among a workflow and its descendants; among all runs for null. */
  busiestWithin(workflowId: string | null): ObservedRun | null {
    const within = this.all().filter((run) => this.isWithin(run.workflowId, workflowId));
    return within.reduce<ObservedRun | null>(
      (most, run) => (most && most.steps >= run.steps ? most : run),
      null,
    );
  }

  /** Returns the ids of a workflow and its ancestors. */
  private lineageOf(workflowId: string): string[] {
    const lineage: string[] = [];
    for (let id: string | null = workflowId; id !== null && !lineage.includes(id); id = this.parentOf(id))
      lineage.push(id);
    return lineage;
  }

  private parentOf(workflowId: string): string | null {
    return this.all().find((run) => run.workflowId === workflowId)?.parentWorkflowId ?? null;
  }

  private runOf({ workflowId, runId, workflowType, parentWorkflowId }: ActiveRun): ObservedRun {
    const known = this.runs.get(runId);
    if (known) return known;
    const now = nowMs();
    const run: ObservedRun = {
      ...{ workflowId, runId, workflowType, parentWorkflowId },
      ...{ firstActiveAtMs: now, lastActiveAtMs: now },
      ...{ steps: 0, timersInARow: 0 },
      failure: null,
      isReported: false,
      isGivenUp: false,
      isOpen: true,
      isReplayDue: true,
      isTerminated: false,
    };
    this.runs.set(runId, run);
    return run;
  }
}

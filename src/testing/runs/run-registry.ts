import type { ActiveRun, FailedTask, RunStep } from '../worker/protocol';

/** What a test worker has told of a run. */
export interface SeenRun extends ActiveRun {
  firstActiveAtMs: number;
  lastActiveAtMs: number;
  /** How often its code went on. */
  steps: number;
  /** How many of the last steps were for a timer that fired, and nothing else. */
  timersInARow: number;
  failure: FailedTask | null;
  /** Whether whoever waited for it, or its test, was told of the failure. */
  isTold: boolean;
  /** Whether a wait for it, or for what is above it, has failed. */
  isGivenUp: boolean;
  /** As far as its code says: one that was terminated or timed out is not known to be closed. */
  isOpen: boolean;
  /** Whether it went on since it was last replayed. */
  isDue: boolean;
  /** Whether it was ended because its workflow task failed. */
  isEnded: boolean;
}

/** So long nothing has to go on before time is skipped: the server holds it up from then on that something has arrived. */
const QUIET_MS = 40;

/** The runs whose code has run in this environment, in the order of their start. */
export class RunRegistry {
  private readonly runs = new Map<string, SeenRun>();
  /** Ids of workflows that a wait has given up. */
  private readonly givenUp = new Set<string>();
  /** Ids of the workflows that were there before the test. */
  private kept: ReadonlySet<string> = new Set();
  /** When anything last went on. */
  lastActiveAtMs = Date.now();

  /** What there is now is not of the test that begins. */
  testStarted(): void {
    this.kept = new Set(this.all().map(({ workflowId }) => workflowId));
  }

  /** What was started in this test, and since, descendants included. */
  ofTest(): SeenRun[] {
    return this.all().filter(({ workflowId }) => !this.isKept(workflowId));
  }

  private isKept(workflowId: string): boolean {
    for (let id: string | null = workflowId; id !== null; id = this.parentOf(id))
      if (this.kept.has(id)) return true;
    return false;
  }

  /** A run whose code has perhaps not run. */
  started(run: ActiveRun): void {
    if (!this.runs.has(run.runId)) this.runOf(run).isDue = false;
  }

  activated(active: ActiveRun & RunStep): void {
    const run = this.runOf(active);
    run.isOpen = !active.ends;
    run.lastActiveAtMs = this.lastActiveAtMs = Date.now();
    run.isDue = true;
    if (active.isReplay) return;
    run.steps++;
    run.timersInARow = active.isTimerOnly ? run.timersInARow + 1 : 0;
  }

  failed(task: FailedTask): void {
    // The first one: what is tried again fails with the same, or with less to say.
    this.runOf(task).failure ??= task;
    this.lastActiveAtMs = Date.now();
  }

  touch(): void {
    this.lastActiveAtMs = Date.now();
  }

  /** Whether nothing of them is on its way to the server. */
  areQuiet(quietMs = QUIET_MS): boolean {
    return Date.now() - this.lastActiveAtMs > quietMs;
  }

  failures(): FailedTask[] {
    return [...this.runs.values()].flatMap(({ failure }) => (failure ? [failure] : []));
  }

  /** A failure that nobody was told of yet. */
  untold(): FailedTask | null {
    return this.all().find(({ failure, isTold }) => failure !== null && !isTold)?.failure ?? null;
  }

  told({ runId }: FailedTask): void {
    const run = this.runs.get(runId);
    if (run) run.isTold = true;
  }

  /** The runs that went on since the last call. */
  takeDue(): SeenRun[] {
    const due = [...this.runs.values()].filter(({ isDue }) => isDue);
    for (const run of due) run.isDue = false;
    return due;
  }

  /** The runs with a failed workflow task that the last call has not told of. */
  takeFailed(): SeenRun[] {
    const failed = [...this.runs.values()].filter((run) => run.failure !== null && !run.isEnded);
    for (const run of failed) run.isEnded = true;
    return failed;
  }

  /** `workflowId` was waited for in vain, because of `stalledId`: itself, or a descendant. */
  giveUp(workflowId: string | null, stalledId: string): void {
    this.givenUp.add(stalledId).add(workflowId ?? stalledId);
    for (const run of this.all()) if (this.givenUp.has(run.workflowId)) run.isGivenUp = true;
  }

  /** Ids of the workflows that were given up since the last call, descendants first, with all between and below. */
  takeGivenUp(): string[] {
    const given = [...this.givenUp];
    this.givenUp.clear();
    const within = this.all()
      .map(({ workflowId }) => workflowId)
      .filter((id) => given.some((ancestor) => this.isWithin(id, ancestor)));
    return [...new Set([...given, ...within.reverse()])];
  }

  all(): SeenRun[] {
    return [...this.runs.values()];
  }

  /** Whether a workflow is another one, or a descendant of it. All are within null. */
  isWithin(workflowId: string, ancestorId: string | null): boolean {
    if (ancestorId === null) return true;
    for (let id: string | null = workflowId; id !== null; id = this.parentOf(id))
      if (id === ancestorId) return true;
    return false;
  }

  /** Of a workflow and its descendants, or of all for null, the run that has gone on most often; null where none has. */
  busiestWithin(workflowId: string | null): SeenRun | null {
    const within = this.all().filter((run) => this.isWithin(run.workflowId, workflowId));
    return within.reduce<SeenRun | null>((most, run) => (most && most.steps >= run.steps ? most : run), null);
  }

  private parentOf(workflowId: string): string | null {
    return this.all().find((run) => run.workflowId === workflowId)?.parentWorkflowId ?? null;
  }

  private runOf({ workflowId, runId, workflowType, parentWorkflowId }: ActiveRun): SeenRun {
    const known = this.runs.get(runId);
    if (known) return known;
    const id = { workflowId, runId, workflowType, parentWorkflowId };
    const now = Date.now();
    const run = {
      ...id,
      firstActiveAtMs: now,
      lastActiveAtMs: now,
      ...{ steps: 0, timersInARow: 0 },
      failure: null,
      isDue: true,
      isEnded: false,
      isTold: false,
      isGivenUp: false,
      isOpen: true,
    };
    this.runs.set(runId, run);
    return run;
  }
}

import type { EngineChoice } from '../../model/engine';
import { TemporalReplayError } from '../../errors';
import { type HistoryReference, type HistorySource, labelOfHistory } from '../../model/history';
import type { SourceLocation } from '../../model/source';
import { type ResultError, internalError, resultError } from '../../model/result-error';
import type { HistoryResult } from '../../model/verdict';
import { bareTrace, brokenOffTrace } from '../trace/bare-trace';
import { modulesOfWorker } from '../../worker-options/worker-source';
import { MAX_TIMER_MS } from '../../util/timer-limit';
import type { Replayed, Setup } from '../setup';
import { faultOfMessage } from './check-message';
import { processCount } from './process-count';
import { KnownLoops } from './known-loops';
import type { FromChild, Job } from './protocol';
import { type ProcessEnd, ReplayProcess, forkReplayProcess } from './replay-process';
import type { ReplayProcessReserve } from './replay-process-reserve';

export interface PoolOptions {
  /** Number of replay processes to have at most, as the user gives it; {@link processCount} bounds it. */
  concurrency: number;
  /** Number of sources; null if they arrive one after another, so that processes are started as they come. */
  total?: number | null;
  /** Time limit for each history, from the start of its replay to its verdict. */
  timeoutMs: number;
  /** The setup of the run. Processes start without waiting for it, and load the SDK while the bundles are built. */
  setup: Promise<Setup>;
  /** The engines that are asked. @default 'core' */
  engine?: EngineChoice;
  /** The histories that all engines replay, so that their answers are compared; without it, there are none. */
  checks?: PoolChecks;
  /** Reserve that processes are taken from and given back to. Without it, each run forks its own. */
  reserve?: ReplayProcessReserve;
  signal?: AbortSignal;
}

export interface PoolChecks {
  /** Files of sources that all engines replay at once. With several processes, one loads all engines for them as it starts. */
  drawn: ReadonlySet<string>;
  /** Returns the histories that all engines replay once more. It is called when all results have been taken. */
  lacking(): HistorySource[];
}

/** Time that a new process gets on top of the limit of its first history, to load the bundle and to start core. */
const START_ALLOWANCE_MS = 60_000;
/** Number of jobs for each process that have to be left for a process to get one ahead. */
const JOBS_AHEAD = 2;
/** Share of the time limit from which the time counts for which a process waited for a processor. */
const STARVED_SHARE = 0.2;
/** Limit for how often a process gets that time back. */
const MAX_EXTENSIONS = 10;
/** Time that codecs and storage drivers have at least for their calls over one history without workflow code in between. */
const OUTSIDE_LIMIT_MS = 60_000;

/**
 * Replays histories in child processes and yields each result as soon as it is there, one for each history. If a process dies
 * (by an endless loop, a crash, a panic of core, or lack of memory) or sends what it should not, the history that it was
 * replaying gets the verdict; a new process replays the others. Code of an earlier history may be what ended it, so that a
 * history which was not the first of its process is replayed once more in a process of its own before that. On abort, all processes are stopped and the iteration ends without an error.
 */
export async function* replayInPool(
  sources: AsyncIterable<HistorySource>,
  options: PoolOptions,
): AsyncGenerator<Replayed> {
  const pool = new Pool(sources, options);
  try {
    yield* pool.results();
  } finally {
    pool.stop();
  }
}

interface Slot {
  process: ReplayProcess;
  /** True if the process has loaded all engines, so that it takes the histories that all of them replay. */
  isChecker: boolean;
  /** True while its next job is awaited. */
  isFed: boolean;
  job: Job | null;
  /** The job after it, which the process has as well; null if it has none. */
  ahead: Job | null;
  /** The history that is being replayed. */
  running: {
    index: number;
    partial: HistoryResult;
    isOpen: boolean;
    startedAt: number;
    /** The result without its diagnosis, once the process has sent it. */
    judged: HistoryResult | null;
  } | null;
  /** Number of histories of the job that have a result. */
  done: number;
  /** True if workflow code has changed what is not one history's own, so that the process replays no further one. */
  isSpoilt: boolean;
  /** Index of the history that core alone has to replay in another process; null for none. */
  againAt: number | null;
  /** True if the process has replayed another history before. */
  isUsed: boolean;
  watchdog: NodeJS.Timeout | null;
  /** Time at which the watchdog ends the process. */
  overdueAt: number;
  /** Time that the process had waited for a processor when its time began to count, in ms. */
  starvedBeforeMs: number;
  /** Number of times that the process got the time back for which it had waited. */
  extensions: number;
  /** Set while codecs or storage drivers are called: the time that the history has left when they have answered. */
  leftMs: number | null;
  timedOut: boolean;
  /** Stack of the workflow code when the time limit was reached, innermost call first. */
  stoppedAt: readonly SourceLocation[];
  /** The time limit that the watchdog was armed with, without the allowance for a new process. */
  limitMs: number;
  /** True if the history that is being replayed was stopped in a loop before, in another process. */
  isAgain: boolean;
  hasAnswered: boolean;
  /** The error with which the process gave up, or for which it was ended; null if there is none. */
  fault: ResultError | null;
}

class Pool {
  private readonly iterator: AsyncIterator<HistorySource>;
  private readonly slots = new Set<Slot>();
  private readonly ready: Replayed[] = [];
  /** Jobs for all engines that wait for the checker. */
  private readonly drawn: Job[] = [];
  /** Jobs that a process was given ahead, and did not come to before its end. */
  private readonly returned: Job[] = [];
  /** Jobs that are about to be given to a process. */
  private readonly inHand = new Set<Job>();
  /** Jobs whose process ended while it replayed none of their histories. */
  private readonly endedBetween = new Set<number>();
  /** Histories whose process was killed, by job and index. */
  private readonly killed = new Set<string>();
  private readonly loops = new KnownLoops();
  private wake: (() => void) | null = null;
  private nextJobId = 0;
  private exhausted = false;
  private stopped = false;
  private readonly onAbort = (): void => this.stop();
  private error: unknown = null;

  constructor(
    sources: AsyncIterable<HistorySource>,
    private readonly options: PoolOptions,
  ) {
    this.iterator = sources[Symbol.asyncIterator]();
    options.setup.catch((err: unknown) => this.fail(err));
    options.signal?.addEventListener('abort', this.onAbort, { once: true });
    if (options.signal?.aborted) this.stopped = true;
  }

  async *results(): AsyncGenerator<Replayed> {
    if (!this.stopped) this.start();
    for (;;) {
      while (this.ready.length > 0) yield this.ready.shift()!;
      if (this.error !== null) throw this.error;
      if (this.stopped || this.slots.size === 0) return;
      if (this.isDone) this.beginRechecks();
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Starts the processes that are certain to be needed, which load the SDK while the bundles are built. */
  private start(): void {
    const { concurrency, total = null, checks } = this.options;
    const most = processCount(concurrency, total ?? Infinity);
    const others = total === null ? 1 : most;
    // The checker loads the most, so it starts first. A single process loads what it needs when it needs it.
    const isFirstChecker = checks !== undefined && processCount(concurrency, Infinity) > 1;
    if (isFirstChecker) this.open(null, { isChecker: true });
    for (let i = total === null ? 0 : this.slots.size; i < others; i++) this.open();
    if (total === null) void this.startAsSourcesArrive(most);
  }

  /** Starts a process for each source that arrives while the others wait for theirs or are busy. */
  private async startAsSourcesArrive(most: number): Promise<void> {
    try {
      while (this.slots.size < most) {
        const job = await this.nextJobFor({ isChecker: false });
        if (job === null || this.stopped) return;
        this.open(job);
      }
    } catch (err) {
      this.fail(err);
    }
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    if (!this.isRechecking) this.beginRechecks();
    // Trials and repairs replay many times with one signal.
    this.options.signal?.removeEventListener('abort', this.onAbort);
    for (const slot of this.slots) {
      this.disarm(slot);
      // A process that is replaying may be in an endless loop, in which it would not see a request to end.
      if (slot.running) slot.process.kill();
      else slot.process.stop();
    }
    void this.iterator.return?.();
    this.notify();
  }

  private fail(err: unknown): void {
    // An aborted setup fails too.
    if (this.stopped) return;
    this.error = err;
    this.stop();
  }

  private notify(): void {
    this.wake?.();
    this.wake = null;
  }

  /** Opens a process, which begins with a job if one is given. */
  private open(job: Job | null = null, { isNew = false, isChecker = false } = {}): void {
    const { reserve, engine } = this.options;
    const child =
      (isNew ? reserve?.takeNew() : reserve?.take()) ??
      forkReplayProcess(engine && { engine: isChecker ? 'both' : engine });
    const slot: Slot = {
      process: new ReplayProcess(child, this.options.setup, {
        message: (message) => this.receive(slot, message),
        broken: () => this.endBroken(slot, codeLeftSandbox('it wrote what is no message')),
        end: (end) => this.replace(slot, end),
      }),
      isChecker,
      isFed: false,
      job: null,
      ahead: null,
      running: null,
      done: 0,
      isSpoilt: false,
      againAt: null,
      isUsed: reserve?.hasRun(child) ?? false,
      watchdog: null,
      overdueAt: Infinity,
      starvedBeforeMs: 0,
      extensions: 0,
      leftMs: null,
      timedOut: false,
      stoppedAt: [],
      limitMs: this.options.timeoutMs,
      isAgain: false,
      hasAnswered: false,
      fault: null,
    };
    this.slots.add(slot);
    void this.feed(slot, job);
  }

  /** Gives a process its next job, and the one after it while there are plenty, so that it does not wait between two. */
  private async feed(slot: Slot, given: Job | null = null): Promise<void> {
    if (slot.isFed) return;
    slot.isFed = true;
    try {
      for (let first = given; slot.job === null || (slot.ahead === null && this.hasPlenty); first = null) {
        const job =
          first ?? (await this.nextJobFor(slot)) ?? (slot.job ? null : await this.nextRecheck(slot));
        if (this.stopped) return;
        // The process ended while it waited.
        if (!this.slots.has(slot)) return job === null ? undefined : this.open(job);
        if (job === null) return slot.job ? undefined : await this.retire(slot);
        this.inHand.delete(job);
        if (slot.job) slot.ahead = job;
        else await this.begin(slot, job);
        // A watchdog that is armed after the stop would keep this process alive.
        if (this.stopped || !this.slots.has(slot)) return;
        if (slot.ahead === null) this.arm(slot);
        slot.process.replay(job);
      }
    } catch (err) {
      this.fail(err);
    } finally {
      slot.isFed = false;
    }
  }

  /** Gives a job to a process, which begins with it once the code is bundled. */
  private async begin(slot: Slot, job: Job): Promise<void> {
    slot.job = job;
    slot.done = job.from;
    await this.options.setup;
  }

  /** True if there are sources left for all processes, so that none of them waits for a job that another one was given ahead. */
  private get hasPlenty(): boolean {
    const { total = null } = this.options;
    return total !== null && total - this.nextJobId >= JOBS_AHEAD * this.slots.size;
  }

  /** Stops a process that has no more histories in this run, or gives it back to the reserve. */
  private async retire(slot: Slot): Promise<void> {
    const { reserve, setup } = this.options;
    const { projects } = await setup;
    if (this.stopped || !this.slots.has(slot)) return;
    // A process keeps the modules that it has loaded, and they may have changed by the next run.
    if (!reserve || projects.some(({ worker }) => modulesOfWorker(worker).length > 0))
      return slot.process.stop();
    this.slots.delete(slot);
    reserve.give(slot.process.release());
    this.notify();
  }

  private pulling: Promise<unknown> = Promise.resolve();

  /** Takes the next source, one at a time, so that jobs are numbered in the order of the sources. */
  private nextJob(): Promise<Job | null> {
    const pull = this.pulling.then(async (): Promise<Job | null> => {
      if (this.exhausted || this.stopped) return null;
      const next = await this.iterator.next();
      if (next.done) {
        this.exhausted = true;
        this.notify();
        return null;
      }
      const job = this.jobOf(next.value, this.options.checks?.drawn.has(next.value.file));
      this.inHand.add(job);
      return job;
    });
    this.pulling = pull.catch(() => undefined);
    return pull;
  }

  private jobOf({ file, bytes }: HistorySource, isChecked = false): Job {
    return {
      ...{ id: this.nextJobId++, file, from: 0 },
      ...(bytes && { bytes }),
      ...(isChecked && { isChecked }),
    };
  }

  /** Takes the next source for a process. Those that all engines replay wait for the checker while there are others. */
  private async nextJobFor({ isChecker }: Pick<Slot, 'isChecker'>): Promise<Job | null> {
    if (isChecker && this.drawn.length > 0) return this.drawn.shift()!;
    if (this.returned.length > 0) return this.returned.shift()!;
    for (;;) {
      const job = await this.nextJob();
      if (job === null) return this.drawn.shift() ?? null;
      if (isChecker || !job.isChecked) return job;
      this.drawn.push(job);
      this.inHand.delete(job);
    }
  }

  private isRechecking = false;
  private beginRechecks: () => void = () => undefined;
  private readonly rechecks = new Promise<Job[]>((resolve) => {
    this.beginRechecks = () => {
      this.isRechecking = true;
      const sources = this.stopped ? [] : (this.options.checks?.lacking() ?? []);
      resolve(sources.map((source) => ({ ...this.jobOf(source, true), isRecheck: true })));
    };
  });

  /** Returns true once all sources are replayed. */
  private get isDone(): boolean {
    const isTaken = this.exhausted && this.drawn.length + this.returned.length + this.inHand.size === 0;
    return isTaken && !this.isRechecking && [...this.slots].every(({ job }) => job === null);
  }

  /** Waits until all results are taken, and takes one of the histories that are replayed once more. They are for the checker. */
  private async nextRecheck({ isChecker }: Slot): Promise<Job | null> {
    if (!this.options.checks || this.stopped) return null;
    const jobs = await this.rechecks;
    if (!isChecker && [...this.slots].some((slot) => slot.isChecker)) return null;
    return jobs.shift() ?? null;
  }

  private receive(slot: Slot, received: unknown): void {
    // A result that arrives after the time limit, while the stack is being read, does not count.
    if (this.stopped || slot.timedOut || slot.fault || slot.isSpoilt) return;
    const expected = { job: slot.job, running: slot.running?.index ?? null, next: slot.done };
    const fault = faultOfMessage(received, expected);
    if (fault !== null)
      return this.endBroken(slot, internalError(new Error(`A replay process sent ${fault}.`)));
    this.take(slot, received as FromChild);
  }

  private take(slot: Slot, message: FromChild): void {
    if (message.type !== 'fatal') slot.hasAnswered = true;
    switch (message.type) {
      case 'started':
        slot.running = {
          index: message.index,
          partial: message.partial,
          isOpen: message.isOpen,
          startedAt: performance.now(),
          judged: null,
        };
        this.arm(slot);
        return;
      case 'outside':
        if (message.areGoingOn) this.beginOutside(slot);
        else this.endOutside(slot);
        return;
      case 'judged':
        slot.running!.judged = message.result;
        return;
      case 'result':
        slot.running = null;
        slot.isUsed = true;
        slot.done = message.index + 1;
        this.arm(slot);
        this.deliver({ ...replayedIn(message), ...(slot.job!.isRecheck && { isRecheck: true }) });
        if (message.sharedChange?.isOfProcess) this.endSpoilt(slot);
        return;
      case 'again':
        slot.isSpoilt = true;
        slot.againAt = message.index;
        slot.process.kill();
        return;
      case 'done':
        this.disarm(slot);
        this.goToNext(slot);
        this.notify();
        void this.feed(slot);
        return;
      case 'fatal':
        // An error of this package is about the setup, so every process would meet it.
        if (message.code !== null) return this.fail(new TemporalReplayError(message.code, message.message));
        this.endBroken(slot, resultError({ code: 'REPLAY_FAILED', foreign: message.message }));
        return;
    }
  }

  private goToNext(slot: Slot): void {
    const { ahead } = slot;
    slot.job = ahead;
    slot.ahead = null;
    slot.done = ahead?.from ?? 0;
    if (ahead) this.arm(slot);
  }

  private endSpoilt(slot: Slot): void {
    slot.isSpoilt = true;
    slot.process.kill();
  }

  private endBroken(slot: Slot, fault: ResultError): void {
    slot.fault ??= fault;
    slot.process.kill();
  }

  private deliver(replayed: Replayed): void {
    this.ready.push(replayed);
    this.notify();
  }

  private arm(slot: Slot): void {
    this.disarm(slot);
    const allowance = slot.hasAnswered ? 0 : START_ALLOWANCE_MS;
    const { timeoutMs } = this.options;
    slot.limitMs = slot.running ? this.loops.limitOf(slot.running.partial, timeoutMs) : timeoutMs;
    slot.isAgain = slot.running !== null && this.loops.hasLooped(slot.running.partial.file);
    slot.leftMs = null;
    slot.extensions = 0;
    this.armFor(slot, slot.limitMs + allowance);
  }

  private armFor(slot: Slot, ms: number): void {
    this.disarm(slot);
    const limitMs = Math.min(ms, MAX_TIMER_MS);
    slot.overdueAt = performance.now() + limitMs;
    slot.starvedBeforeMs = slot.process.starvedMs();
    slot.watchdog = setTimeout(() => void this.endOverdue(slot), limitMs);
  }

  private beginOutside(slot: Slot): void {
    const leftMs = Math.max(0, slot.overdueAt - performance.now());
    this.armFor(slot, Math.max(slot.limitMs, OUTSIDE_LIMIT_MS));
    slot.leftMs = leftMs;
  }

  private endOutside(slot: Slot): void {
    const { leftMs } = slot;
    if (leftMs === null) return;
    slot.leftMs = null;
    this.armFor(slot, leftMs);
  }

  private async endOverdue(slot: Slot): Promise<void> {
    // The code has not had the time for which its process waited for a processor.
    const starvedMs = slot.process.starvedMs() - slot.starvedBeforeMs;
    if (starvedMs > slot.limitMs * STARVED_SHARE && slot.extensions < MAX_EXTENSIONS) {
      slot.extensions++;
      return this.armFor(slot, starvedMs);
    }
    slot.timedOut = true;
    try {
      if (!slot.running || slot.running.judged || slot.leftMs !== null) return;
      slot.stoppedAt = await this.stoppedPlaces(slot);
      this.loops.add(slot.running.partial, slot.stoppedAt[0]);
    } finally {
      slot.process.kill();
    }
  }

  private async stoppedPlaces({ process }: Slot): Promise<SourceLocation[]> {
    const { projects, diagnosis } = await this.options.setup;
    if (diagnosis.traces === 'none') return [];
    const bundlePaths = projects.flatMap((project) => ('bundlePath' in project ? [project.bundlePath] : []));
    const { placesOfBundles } = require('../trace/bundle-places') as typeof import('../trace/bundle-places');
    const placesIn = placesOfBundles(bundlePaths);
    return placesIn(await process.stack((frames) => placesIn(frames).length > 0));
  }

  private disarm(slot: Slot): void {
    if (slot.watchdog) clearTimeout(slot.watchdog);
    slot.watchdog = null;
  }

  private replace(slot: Slot, end: ProcessEnd): void {
    this.disarm(slot);
    this.slots.delete(slot);
    if (slot.ahead) this.returned.push(slot.ahead);
    if (!this.stopped && slot.job) this.goOn(slot, slot.job, end);
    this.notify();
  }

  /** Continues a job whose process has ended: from the history over which it ended, or from the one after it. */
  private goOn(slot: Slot, job: Job, end: ProcessEnd): void {
    const { running, isChecker } = slot;
    const goOnFrom = (from: number, more: Partial<Job> = {}): void =>
      this.open({ ...job, from, ...more }, { isNew: true, isChecker });
    if (slot.againAt !== null) return goOnFrom(slot.againAt, { beginsWithCore: true });
    if (slot.isSpoilt) return goOnFrom(slot.done);
    if (running?.judged) {
      const result = running.judged;
      const err = Object.assign(new Error('the replay process ended'), { name: 'ProcessEnded' });
      this.deliver({ result, trace: brokenOffTrace(result, running.isOpen, err) });
      return goOnFrom(running.index + 1);
    }
    // The screen may have ended the process, or run for too long: it gives no verdict of its own.
    if (running && this.isScreened && !isByCore(job, running.index))
      return goOnFrom(running.index, { beginsWithCore: true });
    const isEndedByUs = slot.timedOut || slot.fault !== null || /panicked at/.test(end.stderr);
    if (running && (slot.isUsed || (!isEndedByUs && this.mayBeKilled(job.id, running.index, end))))
      return goOnFrom(running.index);
    if (!running && slot.hasAnswered && !this.endedBetween.has(job.id)) {
      this.endedBetween.add(job.id);
      return goOnFrom(slot.done);
    }
    const result = this.resultOfEndedProcess(slot, job, end);
    this.deliver({ result, trace: bareTrace(result, running?.isOpen ?? false, slot.stoppedAt) });
    // If the process could not even begin, another one could not either.
    if (running) goOnFrom(running.index + 1);
    else this.open(null, { isChecker });
  }

  private get isScreened(): boolean {
    const { engine = 'core' } = this.options;
    return engine !== 'core';
  }

  /** Returns true for a process that something else may have killed, such as the system for want of memory: it gets another try. */
  private mayBeKilled(jobId: number, index: number, { signal }: ProcessEnd): boolean {
    const key = `${jobId} ${index}`;
    if (signal === null || !SIGNALS_FROM_OUTSIDE.has(signal) || this.killed.has(key)) return false;
    this.killed.add(key);
    return true;
  }

  private timeoutText({ limitMs, isAgain }: Slot, { workflowType }: HistoryResult): string {
    const { timeoutMs } = this.options;
    const loop = this.loops.placeOf(workflowType);
    if (isAgain && limitMs < timeoutMs)
      return `It did not end within ${timeoutMs} ms, nor alone in a new process within ${limitMs} ms: an endless loop in workflow code.`;
    if (limitMs === timeoutMs || !loop)
      return `It did not end within ${limitMs} ms: an endless loop in workflow code, or a history that needs a longer --timeout.`;
    const at = loop.function ?? `line ${loop.line}`;
    return `It did not end within ${limitMs} ms. It got no more time, since two histories of its type looped in ${at} before.`;
  }

  private resultOfEndedProcess(slot: Slot, job: Job, end: ProcessEnd): HistoryResult {
    const partial = slot.running?.partial ?? unstartedResult({ file: job.file, index: slot.done });
    const durationMs = slot.running ? Math.round(performance.now() - slot.running.startedAt) : 0;
    const notOfCode = faultOutside(slot, end);
    if (notOfCode !== null) return { ...partial, verdict: 'failed', durationMs, error: notOfCode };
    if (slot.timedOut) {
      const own = this.timeoutText(slot, partial);
      return { ...partial, verdict: 'timeout', durationMs, error: resultError({ code: 'TIMEOUT', own }) };
    }
    if (slot.fault) return { ...partial, verdict: 'failed', durationMs, error: slot.fault };
    return { ...partial, verdict: 'failed', durationMs, error: causeOf(end) };
  }
}

/** Returns true if core alone replays a history of a job. */
const isByCore = ({ beginsWithCore = false, from }: Job, index: number): boolean =>
  beginsWithCore && index === from;

const replayedIn = ({
  result,
  trace,
  counters,
  isolationFault,
  sharedChange,
  ambiguity,
  engine,
}: Replayed): Replayed => ({
  result,
  ...(trace && { trace }),
  ...(counters && { counters }),
  ...(isolationFault && { isolationFault }),
  ...(sharedChange && { sharedChange }),
  ...(ambiguity && { ambiguity }),
  ...(engine && { engine }),
});

const unstartedResult = (history: HistoryReference): HistoryResult => ({
  file: labelOfHistory(history),
  history,
  workflowId: null,
  runId: null,
  workflowType: null,
  verdict: 'failed',
  events: 0,
  verifiedEvents: 0,
  durationMs: 0,
  drift: [],
});

/** Signals that a system or a person sends. Those of a crash come from the process itself. */
const SIGNALS_FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGHUP', 'SIGINT']);

/** Returns the error of a process that ended, or was not ready in time, while it ran no workflow code; null if it ran some. */
function faultOutside(
  { running, leftMs, hasAnswered, timedOut, fault }: Slot,
  end: ProcessEnd,
): ResultError | null {
  if (fault !== null || (running ? leftMs === null : hasAnswered)) return null;
  const where = running
    ? 'while a payload codec or a storage driver was called'
    : 'before it could replay the first history';
  const how = timedOut ? 'was not ready in time' : `ended (${end.signal ?? `exit code ${end.code}`})`;
  const isTold = !timedOut && end.stderr !== '';
  return resultError({
    code: 'REPLAY_FAILED',
    own: `The replay process ${how} ${where}.`,
    ...(isTold && { foreign: reasonOf(end.stderr) }),
  });
}

const codeLeftSandbox = (what: string): ResultError =>
  resultError({
    code: 'PROCESS_DIED',
    own: `The replay process was ended, since ${what} over the pipe of its results: workflow code has left its sandbox.`,
  });

function causeOf({ code, signal, stderr }: ProcessEnd): ResultError {
  if (/panicked at/.test(stderr))
    return resultError({
      code: 'CORE_PANIC',
      own: 'Core panicked over this history:',
      foreign: reasonOf(stderr),
    });
  if (/heap out of memory|Allocation failed/.test(stderr) || signal === 'SIGKILL')
    return resultError({
      code: 'PROCESS_DIED',
      own: `The replay process ran out of memory or was killed (${signal ?? code}).`,
    });
  return resultError({
    code: 'PROCESS_DIED',
    own: `The replay process ended (${signal ?? `exit code ${code}`}).`,
    foreign: stderr ? reasonOf(stderr) : null,
  });
}

/** Returns the line of a standard error that states the reason: the one after a panic, or the last one. */
const reasonOf = (stderr: string): string => {
  const lines = stderr.split('\n').map((line) => line.trim());
  const panic = lines.findIndex((line) => line.includes('panicked at'));
  return (panic === -1 ? (lines.at(-1) ?? '') : (lines[panic + 1] ?? lines[panic]!)).slice(0, 200);
};

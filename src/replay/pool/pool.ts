import { type HistoryReference, type HistorySource, labelOfHistory } from '../../model/history';
import type { SourceLocation } from '../../model/source';
import { type ResultError, resultError } from '../../model/result-error';
import type { HistoryResult } from '../../model/verdict';
import { bareTrace } from '../trace/bare-trace';
import { placesOfBundles } from '../trace/bundle-places';
import type { Replayed, Setup } from '../setup';
import type { FromChild, Job } from './protocol';
import { type ProcessEnd, ReplayProcess, forkReplayProcess } from './replay-process';
import type { ReplayProcessReserve } from './replay-process-reserve';

export interface PoolOptions {
  concurrency: number;
  /** Longest time for one history, from its turn to its verdict. */
  timeoutMs: number;
  /** Processes start at once and load the SDK while bundles are still being built. */
  setup: Promise<Setup>;
  /** Where processes are taken from. */
  reserve?: ReplayProcessReserve;
  signal?: AbortSignal;
}

/** Loading a bundle and starting core belong to no history; a process that can't do it in this time never will. */
const START_ALLOWANCE_MS = 60_000;

/**
 * Replays histories in child processes, as results come. What kills a process (an endless loop, a crash, a panic of
 * core, lack of memory) is the verdict of the history whose turn it was; the process is replaced and the rest goes on.
 * On abort it stops everything and ends without an error: the results so far stand.
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
  job: Job | null;
  /** The history whose turn it is. */
  running: { index: number; partial: HistoryResult; isOpen: boolean; startedAt: number } | null;
  /** Histories of the job that are done. */
  done: number;
  watchdog: NodeJS.Timeout | null;
  timedOut: boolean;
  /** Where in the workflow code it was when its time was up, innermost call first. */
  stoppedAt: readonly SourceLocation[];
  hasAnswered: boolean;
  /** Why the process gave up, in its own words. */
  complaint: string | null;
}

class Pool {
  private readonly iterator: AsyncIterator<HistorySource>;
  private readonly slots = new Set<Slot>();
  private readonly ready: Replayed[] = [];
  private readonly retries: Job[] = [];
  private wake: (() => void) | null = null;
  private nextJobId = 0;
  private exhausted = false;
  private stopped = false;
  private error: unknown = null;

  constructor(
    sources: AsyncIterable<HistorySource>,
    private readonly options: PoolOptions,
  ) {
    this.iterator = sources[Symbol.asyncIterator]();
    options.setup.catch((err: unknown) => this.fail(err));
    options.signal?.addEventListener('abort', () => this.stop(), { once: true });
    if (options.signal?.aborted) this.stopped = true;
  }

  async *results(): AsyncGenerator<Replayed> {
    if (!this.stopped) for (let i = 0; i < this.options.concurrency; i++) this.open();
    for (;;) {
      while (this.ready.length > 0) yield this.ready.shift()!;
      if (this.error !== null) throw this.error;
      if (this.stopped || this.slots.size === 0) return;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    for (const slot of this.slots) {
      this.disarm(slot);
      // A process in the middle of a history may be in an endless loop: it is not asked first.
      if (slot.running) slot.process.kill();
      else slot.process.stop();
    }
    void this.iterator.return?.();
    this.notify();
  }

  private fail(err: unknown): void {
    this.error ??= err;
    this.stop();
  }

  private notify(): void {
    this.wake?.();
    this.wake = null;
  }

  private open(): void {
    const slot: Slot = {
      process: new ReplayProcess(this.options.reserve?.take() ?? forkReplayProcess(), this.options.setup, {
        message: (message) => this.receive(slot, message),
        end: (end) => this.replace(slot, end),
      }),
      job: null,
      running: null,
      done: 0,
      watchdog: null,
      timedOut: false,
      stoppedAt: [],
      hasAnswered: false,
      complaint: null,
    };
    this.slots.add(slot);
    void this.feed(slot);
  }

  private async feed(slot: Slot): Promise<void> {
    try {
      const job = this.retries.shift() ?? (await this.nextJob());
      if (this.stopped) return;
      if (job === null) return await this.retire(slot);
      slot.job = job;
      slot.done = job.from;
      await this.options.setup;
      // A watchdog armed after the stop would keep the process waiting for it.
      if (this.stopped) return;
      this.arm(slot);
      slot.process.replay(job);
    } catch (err) {
      this.fail(err);
    }
  }

  /** There is nothing more for it to do in this run. */
  private async retire(slot: Slot): Promise<void> {
    const { reserve, setup } = this.options;
    const { projects } = await setup;
    if (this.stopped || !this.slots.has(slot)) return;
    // A process keeps the modules that it has loaded: a data converter may be another by the next run.
    if (!reserve || projects.some(({ dataConverter }) => dataConverter !== null)) return slot.process.stop();
    this.slots.delete(slot);
    reserve.give(slot.process.release());
    this.notify();
  }

  private pulling: Promise<unknown> = Promise.resolve();

  /** One source after another: async generators allow for no more, and order stays as given. */
  private nextJob(): Promise<Job | null> {
    const pull = this.pulling.then(async (): Promise<Job | null> => {
      if (this.exhausted || this.stopped) return null;
      const next = await this.iterator.next();
      if (next.done) {
        this.exhausted = true;
        return null;
      }
      const { file, bytes } = next.value;
      return { id: this.nextJobId++, file, from: 0, ...(bytes && { bytes }) };
    });
    this.pulling = pull.catch(() => undefined);
    return pull;
  }

  private receive(slot: Slot, message: FromChild): void {
    // Time was up: an answer that comes while the process is asked where it is changes nothing.
    if (this.stopped || slot.timedOut) return;
    if (message.type !== 'fatal') slot.hasAnswered = true;
    switch (message.type) {
      case 'started':
        slot.running = {
          index: message.index,
          partial: message.partial,
          isOpen: message.isOpen,
          startedAt: performance.now(),
        };
        this.arm(slot);
        return;
      case 'result':
        slot.running = null;
        slot.done = message.index + 1;
        this.arm(slot);
        this.deliver(replayedIn(message));
        return;
      case 'done':
        this.disarm(slot);
        slot.job = null;
        void this.feed(slot);
        return;
      case 'fatal':
        slot.complaint = message.message;
        slot.process.kill();
        return;
    }
  }

  private deliver(replayed: Replayed): void {
    this.ready.push(replayed);
    this.notify();
  }

  private arm(slot: Slot): void {
    this.disarm(slot);
    const allowance = slot.hasAnswered ? 0 : START_ALLOWANCE_MS;
    slot.watchdog = setTimeout(() => void this.endOverdue(slot), this.options.timeoutMs + allowance);
  }

  private async endOverdue(slot: Slot): Promise<void> {
    slot.timedOut = true;
    try {
      if (slot.running) slot.stoppedAt = await this.stoppedPlaces(slot);
    } finally {
      slot.process.kill();
    }
  }

  private async stoppedPlaces({ process }: Slot): Promise<SourceLocation[]> {
    const { projects, diagnosis } = await this.options.setup;
    if (diagnosis.traces === 'none') return [];
    const bundlePaths = projects.flatMap((project) => ('bundlePath' in project ? [project.bundlePath] : []));
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
    if (!this.stopped && slot.job) {
      const result = this.resultOfEndedProcess(slot, slot.job, end);
      this.deliver({ result, trace: bareTrace(result, slot.running?.isOpen ?? false, slot.stoppedAt) });
      // A process that could not even start says nothing of the job's later histories, and would never come to them.
      if (slot.hasAnswered) this.retries.push({ ...slot.job, from: slot.done + 1 });
      this.open();
    }
    this.notify();
  }

  private resultOfEndedProcess(slot: Slot, job: Job, end: ProcessEnd): HistoryResult {
    const partial = slot.running?.partial ?? unstarted({ file: job.file, index: slot.done });
    const durationMs = slot.running ? Math.round(performance.now() - slot.running.startedAt) : 0;
    if (slot.timedOut) {
      const own = `It did not end within ${this.options.timeoutMs} ms: an endless loop in workflow code, or a history that needs a longer --timeout.`;
      return { ...partial, verdict: 'timeout', durationMs, error: resultError({ code: 'TIMEOUT', own }) };
    }
    if (slot.complaint !== null)
      return {
        ...partial,
        verdict: 'failed',
        durationMs,
        error: resultError({ code: 'REPLAY_FAILED', foreign: slot.complaint }),
      };
    return { ...partial, verdict: 'failed', durationMs, error: causeOf(end) };
  }
}

const replayedIn = ({ result, trace, counters }: Replayed): Replayed => ({
  result,
  ...(trace && { trace }),
  ...(counters && { counters }),
});

const unstarted = (history: HistoryReference): HistoryResult => ({
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

function causeOf({ code, signal, lastWords }: ProcessEnd): ResultError {
  if (/panicked at/.test(lastWords))
    return resultError({
      code: 'CORE_PANIC',
      own: 'Core panicked over this history:',
      foreign: reasonOf(lastWords),
    });
  if (/heap out of memory|Allocation failed/.test(lastWords) || signal === 'SIGKILL')
    return resultError({
      code: 'PROCESS_DIED',
      own: `The replay process ran out of memory or was killed (${signal ?? code}).`,
    });
  return resultError({
    code: 'PROCESS_DIED',
    own: `The replay process ended (${signal ?? `exit code ${code}`}).`,
    foreign: lastWords ? reasonOf(lastWords) : null,
  });
}

const reasonOf = (lastWords: string): string => {
  const lines = lastWords.split('\n').map((line) => line.trim());
  const panic = lines.findIndex((line) => line.includes('panicked at'));
  return (panic === -1 ? (lines.at(-1) ?? '') : (lines[panic + 1] ?? lines[panic]!)).slice(0, 200);
};

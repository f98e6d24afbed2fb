/** A real panic of core in the pool. Validation would refuse these histories, so the processes of this test skip it. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { validateHistory } from '../../../lib/history/validate/validate';
import { contentHash } from '../../../lib/util/content-hash';
import { type PoolOptions, replayInPool } from '../../../lib/replay/pool/pool';
import { processCount } from '../../../lib/replay/pool/process-count';
import { jobsOf } from '../../../lib/replay/pool/parent-channel';
import { forkReplayProcess } from '../../../lib/replay/pool/replay-process';
import type { ReplayProcessReserve } from '../../../lib/replay/pool/replay-process-reserve';
import type { Replayed } from '../../../lib/replay/setup';
import { clone, cloudExport, encode, fixtureHistory, type History } from '../../helpers/histories';
import { scratchDirectory } from '../../helpers/replay-cli';
import { soon } from '../../helpers/soon';
import { ANY_PROJECT } from '../../helpers/worker-source';

let bundlePath: string;
beforeAll(async () => {
  bundlePath = join(scratchDirectory(), 'bundle.js');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(__dirname, '../../history/validate/fixtures/workflows.ts'),
    logger: new DefaultLogger('ERROR', () => undefined),
  });
  writeFileSync(bundlePath, code);
});

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

function takeUnvalidated(): ChildProcess {
  const child = forkReplayProcess({ main: join(__dirname, 'unvalidated-replay-process.js') });
  children.push(child);
  return child;
}

/** Reserve of processes that do not validate histories. */
const unvalidated = {
  take: takeUnvalidated,
  takeNew: takeUnvalidated,
  hasRun: () => false,
  give: (child) => void jobsOf(child).end(),
} satisfies Partial<ReplayProcessReserve> as unknown as ReplayProcessReserve;

const TYPES = ['everything', 'open', 'options', 'cancelled'];

async function replayAll(files: Record<string, Uint8Array>, options: Partial<PoolOptions> = {}) {
  const sources = Object.entries(files).map(([file, bytes]) => ({ file, bytes }));
  const setup = Promise.resolve({
    cwd: process.cwd(),
    projects: [
      {
        ...ANY_PROJECT,
        name: 'fixtures',
        bundlePath,
        bundleHash: contentHash(readFileSync(bundlePath)),
        contexts: { kind: 'reused' as const, because: 'default' as const },
        workflowTypes: [...new Set(TYPES.map((name) => typeOf(fixtureHistory(name))))],
      },
    ],
    fast: true,
    engine: 'core' as const,
    diagnosis: { traces: 'failures', contextRows: 3, timelines: false } as const,
    coverage: false,
  });
  const all: Replayed[] = [];
  const pool = replayInPool(asyncOf(sources), {
    concurrency: 1,
    // Above the time limit of a test, so that the watchdog never ends a process here.
    timeoutMs: 600_000,
    setup,
    reserve: unvalidated,
    ...options,
  });
  for await (const replayed of pool) all.push(replayed);
  return all;
}

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const typeOf = ({ events }: History): string =>
  events![0]!.workflowExecutionStartedEventAttributes!.workflowType!.name!;

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;

function edited(name: string, change: (history: ReturnType<typeof clone>) => void): History {
  const history = clone(fixtureHistory(name));
  change(history);
  return history;
}

/** Returns a history that core panics over, since its first event has no task queue. */
const panicking = (): History =>
  edited('open', ({ events }) => void delete events[0]!.workflowExecutionStartedEventAttributes!.taskQueue);

describe('a panic of core', () => {
  it('is prevented by validation, which refuses the history', () => {
    expect(validateHistory(panicking())?.code).toBe('NO_TASK_QUEUE');
  });

  it('fails its history with core’s reason, before the watchdog does', async () => {
    const [replayed] = await replayAll({ 'panic.pb': encode(panicking()) });

    expect(replayed!.result).toMatchObject({
      file: 'panic.pb',
      verdict: 'failed',
      workflowType: typeOf(fixtureHistory('open')),
      error: { code: 'CORE_PANIC' },
    });
    expect(replayed!.result.error!.message).toMatch(/^Core panicked over this history: called `Option/);
    expect(replayed!.trace).toMatchObject({ kind: 'unreplayed', isOpen: true });
  });

  it('does not affect the histories before and after it, in its file and in others', async () => {
    const good = encode(fixtureHistory('open'));

    const all = await replayAll({
      'before.pb': good,
      'several.pb': cloudExport(good, encode(panicking()), good, encode(panicking()), good),
      'after.pb': good,
    });

    const outcomes = all.map(({ result }) => `${result.file} ${result.error?.code ?? result.verdict}`);
    expect(outcomes.sort()).toEqual([
      'after.pb compatible',
      'before.pb compatible',
      'several.pb compatible',
      'several.pb#2 CORE_PANIC',
      'several.pb#3 compatible',
      'several.pb#4 CORE_PANIC',
      'several.pb#5 compatible',
    ]);
  });

  it('leaves no process behind', async () => {
    await replayAll({ 'panic.pb': encode(panicking()), 'good.pb': encode(fixtureHistory('open')) });

    expect(children.length).toBeGreaterThan(1);
    // One process was killed after its panic, the other one was asked to end.
    await soon(() => expect(children.filter(isRunning)).toEqual([]));
  });
});

describe('the number of processes', () => {
  it.each([
    ['histories that are listed', 2],
    ['histories that arrive', null],
  ])('is no larger than that of %s', async (_, total) => {
    const good = encode(fixtureHistory('open'));

    const all = await replayAll({ 'a.pb': good, 'b.pb': good }, { concurrency: 60, total });

    expect(all.map(({ result }) => result.verdict)).toEqual(['compatible', 'compatible']);
    expect(children.length).toBeLessThanOrEqual(2);
  });

  it('is bounded by the machine, however many histories there are', () => {
    expect(processCount(1e9, 100_000)).toBeLessThanOrEqual(Math.max(8, 4 * availableParallelism()));
    expect(processCount(2, 100_000)).toBe(2);
  });
});

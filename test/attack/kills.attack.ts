import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeCluster, historyPage, listing, startFakeCluster } from '../helpers/fake-cluster';
import { random } from '../helpers/random';

const MAIN = resolve(__dirname, '../../lib/cli/main.js');
const SMALL = resolve(__dirname, '../services/small');
const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const;
const EXIT_CODES = { SIGTERM: 143, SIGINT: 130, SIGKILL: 137 } as const;
/** Time until a process has ended after a signal that it can act upon. Two seconds, and some for a machine under load. */
const END_MS = 4_000;
/** Time until the processes of a killed one have ended. */
const ORPHANS_MS = 10_000;
const FETCHED_RUNS = 40;

interface Options {
  /** Time after which no further command is killed. */
  budgetMs?: number;
  /** Number of kills. @default Infinity */
  count?: number;
  seed?: number;
  /** Names of the commands to kill. @default all */
  only?: readonly string[];
}

/**
 * Kills commands at random moments. Each has to end in time with the exit code of the signal, takes its processes along, and leaves
 * every file whole, old or absent. The next run of each command works, and removes what is left.
 */
export async function attack({
  budgetMs = 5 * 60_000,
  count = Infinity,
  seed = 1,
  only,
}: Options = {}): Promise<{
  tried: number;
  failures: string[];
}> {
  const next = random(seed);
  const bench = await Bench.open();
  const failures: string[] = [];
  let tried = 0;
  try {
    const commands = bench.commands().filter(({ name }) => only?.includes(name) ?? true);
    const until = performance.now() + budgetMs;
    const durations = new Map<Command, number>();
    while (tried < count && performance.now() < until) {
      const command = commands[tried % commands.length]!;
      if (!durations.has(command)) durations.set(command, await bench.undisturbed(command, failures));
      const signal = SIGNALS[Math.floor(next() * SIGNALS.length)]!;
      const delayMs = Math.round(next() * durations.get(command)!);
      tried++;
      for (const problem of await bench.kill(command, signal, delayMs))
        failures.push(`${command.name}, ${signal} after ${delayMs} ms: ${problem}`);
    }
    for (const command of durations.keys()) await bench.undisturbed(command, failures);
    failures.push(...bench.litter());
  } finally {
    bench.close();
  }
  return { tried, failures };
}

interface Command {
  name: string;
  args: readonly string[];
  /** Exit codes without a kill. */
  codes: readonly number[];
  /** True if each run has to build its bundles. */
  isCold?: boolean;
  /** Puts back what an earlier run has written. */
  prepare?(): void;
  /** Returns complaints about what the command has written. */
  problems(): string[];
}

/** A service, a cluster with histories to fetch, and directories of their own for all that commands write. */
class Bench {
  private readonly temporary: string;
  private readonly cache: string;

  private constructor(
    private readonly service: string,
    private readonly root: string,
    private readonly cluster: FakeCluster,
  ) {
    this.temporary = join(root, 'tmp');
    this.cache = join(root, 'cache');
    mkdirSync(this.temporary);
  }

  static async open(): Promise<Bench> {
    const scratch = resolve(__dirname, '../scratch');
    mkdirSync(scratch, { recursive: true });
    // Inside of the repository, so that the workflow code finds its packages.
    const service = mkdtempSync(join(scratch, 'kills-'));
    const code = readFileSync(join(SMALL, 'workflows.ts'), 'utf8');
    writeFileSync(join(service, 'workflows.ts'), code);
    writeFileSync(join(service, 'changed.ts'), code.replaceAll("act('", "other('"));
    cpSync(join(SMALL, 'histories'), join(service, 'histories'), { recursive: true });
    return new Bench(service, mkdtempSync(join(tmpdir(), 'attack-kills-')), await startCluster());
  }

  commands(): Command[] {
    const run = ['run', 'histories', '--no-reuse-results', '--workflows-path'];
    const report = this.path('report.json');
    const page = this.path('report.html');
    const reports = [report, page];
    const reporters = ['--reporter', `json=${report}`, '--reporter', `html=${page}`];
    const reportCommand = {
      prepare: () => this.writeOld(reports),
      problems: () => this.problemsOfReports(report, page),
    };
    const baseline = join(this.service, 'replay-baseline.json');
    const fetched = this.path('fetched');
    return [
      {
        name: 'run',
        args: [...run, 'workflows.ts', ...reporters],
        codes: [0],
        isCold: true,
        ...reportCommand,
      },
      {
        name: 'run from the cache',
        args: [...run, 'workflows.ts', ...reporters],
        codes: [0],
        ...reportCommand,
      },
      { name: 'run that fails', args: [...run, 'changed.ts', ...reporters], codes: [1], ...reportCommand },
      {
        name: 'fetch',
        args: ['fetch', '--query', '', '--address', this.cluster.address, '--no-tls', '--out', fetched],
        codes: [0],
        prepare: () => rmSync(fetched, { recursive: true, force: true }),
        problems: () => problemsOfHistories(fetched),
      },
      {
        name: 'baseline update',
        args: ['baseline', 'update', 'histories', '--workflows-path', 'changed.ts', '--reason', 'old'],
        codes: [0],
        problems: () => problemOfJson(baseline, ({ entries }) => Array.isArray(entries)),
      },
      {
        name: 'show --diff',
        args: ['show', 'histories', '--diff', '--workflows-path', 'workflows.ts'],
        codes: [0],
        problems: () => [],
      },
      {
        name: 'doctor',
        args: ['doctor', '--workflows-path', 'workflows.ts', '--address', this.cluster.address],
        codes: [0, 2],
        problems: () => [],
      },
    ];
  }

  /** Runs a command to its end. Returns its duration in ms. */
  async undisturbed(command: Command, failures: string[]): Promise<number> {
    const { child, ended } = this.start(command);
    const beganAt = performance.now();
    const { code } = await ended;
    void child;
    if (!command.codes.includes(code ?? -1)) failures.push(`${command.name}, undisturbed: exit code ${code}`);
    failures.push(...command.problems().map((problem) => `${command.name}, undisturbed: ${problem}`));
    return performance.now() - beganAt;
  }

  async kill(command: Command, signal: (typeof SIGNALS)[number], delayMs: number): Promise<string[]> {
    const { child, ended } = this.start(command);
    await Promise.race([sleep(delayMs), ended]);
    const beganAt = performance.now();
    child.kill(signal);
    const end = await ended;
    const tookMs = performance.now() - beganAt;
    const problems: string[] = [];
    const code = end.code ?? EXIT_CODES[end.signal as typeof signal];
    // The command may have been done before the signal came.
    if (![EXIT_CODES[signal], ...command.codes].includes(code)) problems.push(`exit code ${code}`);
    if (tookMs > END_MS) problems.push(`it took ${Math.round(tookMs)} ms to end`);
    const orphans = await this.orphansOf(child.pid!);
    if (orphans.length > 0) problems.push(`processes ${orphans.join(', ')} are left`);
    return [...problems, ...command.problems()];
  }

  private start({ args, isCold = false, prepare }: Command): { child: ChildProcess; ended: Promise<End> } {
    if (isCold) rmSync(this.cache, { recursive: true, force: true });
    prepare?.();
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.service,
      env: {
        ...process.env,
        TMPDIR: this.temporary,
        TEMPORAL_REPLAY_CACHE_DIR: this.cache,
        GITHUB_ACTIONS: '',
      },
      stdio: 'ignore',
    });
    const ended = new Promise<End>((done) => child.once('exit', (code, signal) => done({ code, signal })));
    return { child, ended };
  }

  /** Returns the replay processes of an ended command that go on, after the time that they have. */
  private async orphansOf(parent: number): Promise<string[]> {
    for (const until = performance.now() + ORPHANS_MS; ; await sleep(50)) {
      const left = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isReplayProcessOf(pid, parent));
      if (left.length === 0 || performance.now() > until) return left;
    }
  }

  private writeOld(paths: readonly string[]): void {
    for (const path of paths) writeFileSync(path, 'old');
  }

  private problemsOfReports(json: string, page: string): string[] {
    const isWhole = (status: string) => (report: { status?: string }) => report.status === status;
    const isPage = (path: string): boolean =>
      !existsSync(path) || /^(?:old$|<!doctype html>[^]*<\/html>\s*$)/.test(readFileSync(path, 'utf8'));
    return [
      ...(readFileSync(json, 'utf8') === 'old' ? [] : problemOfJson(json, isWhole('complete'))),
      ...problemOfJson(json.replace('.json', '.interrupted.json'), isWhole('interrupted')),
      ...[page, page.replace('.html', '.interrupted.html')]
        .filter((path) => !isPage(path))
        .map((path) => `${path} is no whole page`),
    ];
  }

  /** Returns complaints about what is left after the last, undisturbed run of each command. */
  litter(): string[] {
    const left = readdirSync(this.root, { recursive: true, encoding: 'utf8' }).filter(
      (path) => /\.tmp$/.test(path) || /^tmp\/(?:temporal-)?replay-/.test(path),
    );
    return left.map((path) => `${path} is left`);
  }

  private path(name: string): string {
    return join(this.root, name);
  }

  close(): void {
    this.cluster.stop();
    for (const path of [this.root, this.service]) rmSync(path, { recursive: true, force: true });
  }
}

interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
}

function isReplayProcessOf(pid: string, parent: number): boolean {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const at = args.findIndex((arg) => arg.endsWith('replay-process-main.js'));
    return at !== -1 && args[at + 1] === String(parent);
  } catch {
    return false;
  }
}

function problemOfJson(path: string, isRight: (value: Record<string, unknown>) => boolean): string[] {
  if (!existsSync(path)) return [];
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return isRight(value) ? [] : [`${path} holds something else`];
  } catch {
    return [`${path} is no whole file`];
  }
}

const problemsOfHistories = (directory: string): string[] =>
  (existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: 'utf8' }) : [])
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) =>
      problemOfJson(join(directory, name), ({ events }) => Array.isArray(events) && events.length === 6),
    );

function startCluster(): Promise<FakeCluster> {
  const runs = Array.from({ length: FETCHED_RUNS }, (_, i) => ({
    workflowId: `run-${i}`,
    runId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
  }));
  const more = Buffer.from('more');
  return startFakeCluster({
    ListWorkflowExecutions: () => listing(runs),
    GetWorkflowExecutionHistory: async (_, request) => {
      await sleep(20);
      return Buffer.from(request).includes(more) ? historyPage(4, 6) : historyPage(1, 3, more);
    },
  });
}

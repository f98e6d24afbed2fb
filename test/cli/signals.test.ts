/** Ctrl-C and SIGTERM end every command with the same exit codes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, replay, reportOf, scratchDirectory } from '../helpers/replay-cli';
import { soon } from '../helpers/soon';

/** Says on standard error when the thread that hears signals is ready. Before that, they end the process as any other. */
const SAY_WHEN_LISTENING = `
process.on('worker', (thread) => thread.on('message', ({ type }) => {
  if (type === 'ready') process.stderr.write('listening');
}));`;

describe('a command that is at work or waits for its input', () => {
  // A config file that never finishes keeps the commands that load one; the others wait for standard input.
  const COMMANDS: Record<string, string[]> = {
    run: ['run', 'histories'],
    'run -': ['run', '-'],
    fetch: ['fetch', '-'],
    show: ['show', '-'],
    'baseline update': ['baseline', 'update', '-'],
    doctor: ['doctor'],
  };
  let service: string;
  beforeAll(() => {
    service = scratchDirectory();
    writeFileSync(join(service, 'say-when-listening.js'), SAY_WHEN_LISTENING);
    writeFileSync(
      join(service, 'replay.config.mjs'),
      'await new Promise((done) => setTimeout(done, 600_000));',
    );
  });

  it.each([
    ...Object.entries(COMMANDS).map(([name, args]) => [name, 'SIGTERM', 143, args] as const),
    ['run', 'SIGINT', 130, COMMANDS['run']!] as const,
  ])('%s ends on %s with %i', async (_, signal, expected, args) => {
    const main = join(ROOT, 'lib/cli/main.js');
    const child = spawn(process.execPath, ['-r', './say-when-listening.js', main, ...args], {
      cwd: service,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    try {
      await once(child.stderr, 'data');
      child.kill(signal);

      expect(await ended).toEqual([expected, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('replay fetch that reads ids from standard input', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends on %s with %i', async (signal, expected) => {
    const main = join(ROOT, 'lib/cli/main.js');
    const child = spawn(process.execPath, [main, 'fetch', '-'], {
      cwd: scratchDirectory(),
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    try {
      // It says that it waits.
      await once(child.stderr, 'data');
      child.kill(signal);

      expect(await ended).toEqual([expected, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('a command whose main thread is busy for good', () => {
  // The hook of a bundle that never ends, in a loop that no signal handler could interrupt.
  const LOOP = `module.exports = { projects: [{ workflowsPath: 'workflows.js', bundlerOptions: { webpackConfigHook: () => {
    process.stderr.write('bundling');
    for (;;);
  } } }] };`;
  let service: string;
  beforeAll(() => {
    service = scratchDirectory();
    writeFileSync(join(service, 'replay.config.cjs'), LOOP);
    writeFileSync(join(service, 'workflows.js'), 'exports.open = async () => undefined;');
    cpSync(join(ROOT, 'test/services/small/histories/c1.json'), join(service, 'c1.json'));
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s within two seconds', async (signal) => {
    const main = join(ROOT, 'lib/cli/main.js');
    const child = spawn(process.execPath, [main, 'run', 'c1.json', '--no-cache'], {
      cwd: service,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    try {
      let stderr = '';
      for await (const text of child.stderr.setEncoding('utf8'))
        if ((stderr += String(text)).includes('bundling')) break;
      const beganAt = performance.now();
      child.kill(signal);

      // A shell sees 143 and 130, as it does if the process ends by itself.
      expect(await ended).toEqual([null, signal]);
      expect(performance.now() - beganAt).toBeLessThan(2_500);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('replay run that bundles several projects', () => {
  it('begins no other bundle after SIGTERM, and says that the run was interrupted', async () => {
    const service = scratchDirectory();
    const projects = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, workflowsPath: `${name}.js` }));
    for (const { workflowsPath } of projects)
      writeFileSync(join(service, workflowsPath), 'exports.open = async () => undefined;');
    writeFileSync(join(service, 'replay.config.json'), JSON.stringify({ projects }));
    cpSync(join(ROOT, 'test/services/small/histories/c1.json'), join(service, 'c1.json'));
    const cache = join(service, 'cache');
    const run = replay(['run', 'c1.json', '--reporter', 'json'], {
      cwd: service,
      env: { TEMPORAL_REPLAY_CACHE_DIR: cache },
    });
    await soon(() => expect(bundlesIn(cache).length).toBeGreaterThan(0));
    run.child.kill('SIGTERM');
    const result = await run;

    // On a busy machine, webpack keeps the main thread busy for so long that the process ends by the signal.
    if (result.signal === 'SIGTERM') expect(result.stdout).toBe('');
    else expect(reportOf(result)).toMatchObject({ status: 'interrupted', results: [] });
    expect(result.code).toBe(result.signal === 'SIGTERM' ? null : 143);
    expect(bundlesIn(cache).length).toBeLessThan(projects.length);
  });
});

const bundlesIn = (cache: string): string[] =>
  existsSync(join(cache, 'bundles'))
    ? readdirSync(join(cache, 'bundles')).filter((name) => name.endsWith('.js'))
    : [];

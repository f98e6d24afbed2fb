/** Ctrl-C and SIGTERM end every command with the same exit codes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, scratchDirectory } from '../helpers/replay-cli';

/** Says on standard error when the process handles signals itself. Before that, they end it as any process. */
const SAY_WHEN_LISTENING = `
process.on('newListener', (name) => {
  if (name === 'SIGTERM') setImmediate(() => process.stderr.write('listening'));
});`;

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

import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Text for standard input, which is closed without one. */
  input?: string;
  /** Called after each output on standard error, with all of it so far. */
  onStderr?: (stderr: string) => void;
  /** Signal that the process gets when `on` is aborted. */
  kill?: { signal: NodeJS.Signals; on: AbortSignal };
}

const MAIN = join(__dirname, '../../lib/cli/main.js');

/** Runs the built CLI (`npm run build`) as a user would, without this machine's own Temporal settings. */
export function runCli(args: string[], options: CliOptions = {}): Promise<CliResult> {
  const { cwd, env, input, onStderr, kill } = options;
  // The results of a run are its own, not those of another test.
  const own =
    args[0] === 'run' && !args.some((arg) => arg.endsWith('reuse-results')) ? ['--no-reuse-results'] : [];
  const inherited = Object.entries(process.env).filter(([name]) => !/^TEMPORAL_(?!REPLAY_)/.test(name));
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [MAIN, ...args, ...own], {
      cwd,
      // The temporal.toml of this machine's user is not found there.
      env: {
        ...Object.fromEntries(inherited),
        XDG_CONFIG_HOME: join(__dirname, 'no-such-directory'),
        ...env,
      },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
      onStderr?.(stderr);
    });
    if (input !== undefined) child.stdin!.on('error', () => undefined).end(input);
    kill?.on.addEventListener('abort', () => child.kill(kill.signal));
    child.once('error', fail);
    child.once('close', (code, signal) => {
      done({ code, signal, stdout, stderr });
    });
  });
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  durationMs: number;
}

export interface CliOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Standard input; without it, there is none. */
  input?: string;
  /** Sends a signal after so many ms. */
  kill?: { signal: NodeJS.Signals; afterMs: number };
}

const MAIN = join(__dirname, '../../lib/cli/main.js');

/** Runs the built CLI (`npm run build`) as a user would, without this machine's own Temporal settings. */
export function runCli(args: string[], options: CliOptions = {}): Promise<CliResult> {
  const { cwd, env, input, kill } = options;
  const inherited = Object.entries(process.env).filter(([name]) => !/^TEMPORAL_(?!REPLAY_)/.test(name));
  return new Promise((done, fail) => {
    const startedAt = Date.now();
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      // No temporal.toml of the user either.
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
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    if (input !== undefined) child.stdin!.on('error', () => undefined).end(input);
    const timer = kill && setTimeout(() => child.kill(kill.signal), kill.afterMs);
    child.once('error', fail);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      done({ code, signal, stdout, stderr, durationMs: Date.now() - startedAt });
    });
  });
}

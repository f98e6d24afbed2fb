import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gitEnvironment } from '../util/git-environment';

const run = promisify(execFile);
const TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs git in a directory and returns its output, or null if it fails: evidence of git is welcome, not needed. */
export async function git(cwd: string, args: readonly string[]): Promise<string | null> {
  try {
    const options = { cwd, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, env: gitEnvironment() };
    return (await run('git', ['-c', 'core.quotePath=false', ...args], options)).stdout;
  } catch {
    return null;
  }
}

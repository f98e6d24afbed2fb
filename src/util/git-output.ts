import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gitEnvironment } from './git-environment';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs git in a directory and returns its output, with paths as they are. Returns null if git fails or takes longer than
 * `timeoutMs`, for callers to whom the evidence of git is welcome, not needed. Takes no lock of the repository.
 */
export async function gitOutput(
  cwd: string,
  args: readonly string[],
  timeoutMs = 10_000,
): Promise<string | null> {
  try {
    const options = { cwd, timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES, env: gitEnvironment() };
    const settings = ['--no-optional-locks', '-c', 'core.quotePath=false'];
    return (await run('git', [...settings, ...args], options)).stdout;
  } catch {
    return null;
  }
}

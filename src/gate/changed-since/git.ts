import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TemporalReplayError } from '../../errors';
import { gitEnvironment } from '../../util/git-environment';

/** The commit that the current code is compared with. */
export interface Base {
  /** Absolute path of the top directory of the working tree. */
  root: string;
  /** Full hash of the merge base of the ref and HEAD. */
  commit: string;
}

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

interface GitFailure {
  code?: unknown;
  stderr?: string;
}

/** Runs git in a directory and returns its output. @throws GIT_FAILED with the text of git's standard error */
export async function git(
  cwd: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal | undefined } = {},
): Promise<string> {
  try {
    const { stdout } = await run('git', [...args], {
      cwd,
      maxBuffer: MAX_OUTPUT_BYTES,
      env: { ...gitEnvironment(), ...options.env },
      ...(options.signal && { signal: options.signal }),
    });
    return stdout;
  } catch (err) {
    const { code, stderr = '' } = err as GitFailure;
    const reason = code === 'ENOENT' ? 'there is no executable `git`' : stderr.trim() || String(err);
    throw new TemporalReplayError('GIT_FAILED', `git ${args[0]} failed: ${reason}`, { cause: err });
  }
}

/**
 * Finds the merge base of the ref and HEAD. Commits that the ref's branch got after it are not part of the change, so the code is
 * not compared with them.
 *
 * @throws GIT_REPOSITORY, GIT_REF, GIT_HISTORY, GIT_FAILED
 */
export async function findBase(cwd: string, ref: string): Promise<Base> {
  const root = await topDirectory(cwd);
  const commit = await commitOf(root, ref);
  try {
    return { root, commit: (await git(root, ['merge-base', commit, 'HEAD'])).trim() };
  } catch (err) {
    if (exitCodeOf(err) !== 1) throw err;
    const message = `${ref} and HEAD have no common ancestor in this repository.`;
    throw (await isShallow(root))
      ? new TemporalReplayError('GIT_HISTORY', message, { hint: SHALLOW })
      : new TemporalReplayError('GIT_HISTORY', message, { hint: 'Use a ref that HEAD branched off from.' });
  }
}

const SHALLOW =
  'The clone is shallow. Fetch the whole history (`fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` of GitLab, or `git fetch --unshallow`).';

const exitCodeOf = (err: unknown): unknown => ((err as Error).cause as GitFailure | undefined)?.code;

async function topDirectory(cwd: string): Promise<string> {
  try {
    return (await git(cwd, ['rev-parse', '--show-toplevel'])).replace(/\r?\n$/, '');
  } catch (err) {
    if (!/not a git repository|must be run in a work tree/.test((err as Error).message)) throw err;
    throw new TemporalReplayError(
      'GIT_REPOSITORY',
      `${cwd} is not inside the working tree of a git repository.`,
      {
        cause: err,
      },
    );
  }
}

async function commitOf(root: string, ref: string): Promise<string> {
  try {
    // Git would take a name that starts with a dash for an option.
    if (ref !== '' && !ref.startsWith('-'))
      return (await git(root, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])).trim();
  } catch (err) {
    if (exitCodeOf(err) !== 1 && exitCodeOf(err) !== 128) throw err;
  }
  const hint = (await isShallow(root))
    ? SHALLOW
    : 'Fetch the ref first (`git fetch origin main`) and use its local name, such as origin/main.';
  throw new TemporalReplayError('GIT_REF', `There is no commit ${JSON.stringify(ref)} in ${root}.`, { hint });
}

const isShallow = async (root: string): Promise<boolean> =>
  (await git(root, ['rev-parse', '--is-shallow-repository'])).trim() === 'true';

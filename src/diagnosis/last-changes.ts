import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Hunk } from '../model/cause';

export type { Hunk } from '../model/cause';

const run = promisify(execFile);
const GIT_TIMEOUT_MS = 5_000;

/**
 * Returns the last change of a file according to git: the uncommitted one, else that of the last commit that touched it.
 * Empty if git cannot tell. It only serves to fill in suggestions.
 */
export async function lastChangesOf(file: string): Promise<Hunk[]> {
  const git = async (...args: string[]): Promise<string> => {
    const options = { cwd: dirname(file), timeout: GIT_TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
    return (await run('git', args, options)).stdout;
  };
  const diff = (...revisions: string[]): Promise<string> =>
    git('diff', '--unified=0', '--no-color', '--no-ext-diff', ...revisions, '--', basename(file));
  try {
    const uncommitted = parseHunks(await diff('HEAD'));
    if (uncommitted.length > 0) return uncommitted;
    const commit = (await git('log', '-1', '--format=%H', '--', basename(file))).trim();
    return commit === '' ? [] : parseHunks(await diff(`${commit}^`, commit));
  } catch {
    return [];
  }
}

const HUNK_HEADER = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/;

function parseHunks(diff: string): Hunk[] {
  const hunks: Hunk[] = [];
  for (const text of diff.split('\n')) {
    const header = HUNK_HEADER.exec(text);
    if (header) hunks.push({ line: Number(header[1]), count: Number(header[2] ?? 1), before: [] });
    else if (text.startsWith('-') && !text.startsWith('---')) hunks.at(-1)?.before.push(text.slice(1));
  }
  return hunks;
}

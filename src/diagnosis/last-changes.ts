import { basename, dirname } from 'node:path';
import type { Hunk } from '../model/cause';
import { gitOutput } from '../util/git-output';

export type { Hunk } from '../model/cause';

const GIT_TIMEOUT_MS = 5_000;

/**
 * Returns the last change of a file according to git: the uncommitted one, else that of the last commit that touched it.
 * Empty if git cannot tell. It only serves to fill in suggestions.
 */
export async function lastChangesOf(file: string): Promise<Hunk[]> {
  const git = (...args: string[]): Promise<string | null> => gitOutput(dirname(file), args, GIT_TIMEOUT_MS);
  const hunks = async (...revisions: string[]): Promise<Hunk[] | null> => {
    const diff = await git(
      'diff',
      '--unified=0',
      '--no-color',
      '--no-ext-diff',
      ...revisions,
      '--',
      basename(file),
    );
    return diff === null ? null : parseHunks(diff);
  };
  const uncommitted = await hunks('HEAD');
  if (uncommitted === null || uncommitted.length > 0) return uncommitted ?? [];
  const commit = (await git('log', '-1', '--format=%H', '--', basename(file)))?.trim();
  return (commit && (await hunks(`${commit}^`, commit))) || [];
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

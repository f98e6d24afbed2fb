import { resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { parseDiff } from '../../../src/cause/parse-diff';
import { git } from '../../helpers/git-repository';

/**
 * Returns the lines that are changed in a git checkout, as `file:line` with absolute paths. For lines that were removed, both
 * lines around them count.
 */
export function changedLinesIn(directory: string): Set<string> {
  const lines = new Set<string>();
  for (const { file, line, count } of parseDiff(git(directory, 'diff', '--unified=0', 'HEAD'))) {
    const last = count === 0 ? line + 1 : line + count - 1;
    for (let n = Math.max(1, line); n <= last; n++) lines.add(`${resolve(directory, file)}:${n}`);
  }
  for (const file of git(directory, 'ls-files', '--others').split('\n').filter(Boolean)) {
    const count = readFileSync(resolve(directory, file), 'utf8').split('\n').length;
    for (let n = 1; n <= count; n++) lines.add(`${resolve(directory, file)}:${n}`);
  }
  return lines;
}

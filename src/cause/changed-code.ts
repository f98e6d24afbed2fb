import { basename, join, relative, sep } from 'node:path';
import type { FileHunk } from '../model/cause';
import type { CauseBase } from './bases';
import { withCurrentImports } from './current-imports';
import { gitOutput } from '../util/git-output';
import { parseDiff } from './parse-diff';
import { renamedFiles } from './renamed-files';

/** Files that configure a build. Another text in their place has no effect on the bundle. */
const IS_CONFIGURATION = /^(package(-lock)?|tsconfig.*)\.json$/;
/** Number of files that one command line names. */
const FILES_AT_ONCE = 500;

/**
 * Returns the changed passages of bundled files, which may have had other paths before. Files are absolute paths; new files
 * are none of it.
 */
export async function changedCode(
  base: CauseBase,
  inputs: ReadonlySet<string>,
  textOf: (file: string) => string | null,
): Promise<FileHunk[]> {
  const renamed = await renamedFiles(base, inputs, textOf);
  const hunks = (await changedInPlace(base, inputs)).filter(
    ({ file }) => !renamed.some(({ path }) => path === file),
  );
  return withCurrentImports([...hunks, ...renamed.flatMap((file) => file.hunks)], renamed, textOf);
}

async function changedInPlace({ root, commit }: CauseBase, inputs: ReadonlySet<string>): Promise<FileHunk[]> {
  const changed = await gitOutput(root, ['diff', '--name-only', '--no-renames', '-z', commit, '--']);
  const files = (changed ?? '')
    .split('\0')
    .filter((file) => file !== '' && inputs.has(join(root, file)) && !IS_CONFIGURATION.test(basename(file)));
  const hunks: FileHunk[] = [];
  for (let i = 0; i < files.length; i += FILES_AT_ONCE) {
    const some = files.slice(i, i + FILES_AT_ONCE).map((file) => `:(top,literal)${file}`);
    hunks.push(...parseDiff((await gitOutput(root, [...DIFF, commit, '--', ...some])) ?? ''));
  }
  return hunks
    .map((hunk) => ({ ...hunk, file: join(root, hunk.file) }))
    .filter((hunk) => inputs.has(hunk.file));
}

const DIFF = [
  ...['diff', '--unified=0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames'],
  ...['--src-prefix=a/', '--dst-prefix=b/', '--inter-hunk-context=0'],
];

/** Returns true for a file inside a directory. */
export const isInside = (file: string, directory: string): boolean =>
  !relative(directory, file).startsWith(`..${sep}`);

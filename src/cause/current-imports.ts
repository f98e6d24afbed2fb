import { dirname, join, relative, sep } from 'node:path';
import type { FileHunk } from '../model/cause';
import { importedFile } from '../source/imported-file';
import { linesNow } from './code-lines';
import type { RenamedFile } from './renamed-files';

const SPECIFIER = /(\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])(\.{1,2}\/[^'"]*|\.{1,2})\2/g;

/**
 * Returns changed passages whose lines before the change import renamed files by their new paths, so that these lines can be
 * brought back. Passages in which nothing else changed are left out.
 */
export function withCurrentImports(
  hunks: readonly FileHunk[],
  renamed: readonly RenamedFile[],
  textOf: (file: string) => string | null,
): FileHunk[] {
  if (renamed.length === 0) return [...hunks];
  return hunks
    .map((hunk) => {
      const from = renamed.find(({ path }) => path === hunk.file)?.oldPath ?? hunk.file;
      const before = hunk.before.map((line) => withNewPaths(line, { from, to: hunk.file, renamed }));
      return { ...hunk, before };
    })
    .filter((hunk) => {
      const now = linesNow(hunk, textOf(hunk.file)?.split('\n') ?? []);
      return hunk.before.join('\n') !== now.join('\n');
    });
}

/** Returns a line of the file that was at `from` as it reads in the one at `to`. */
function withNewPaths(
  line: string,
  { from, to, renamed }: { from: string; to: string; renamed: readonly RenamedFile[] },
): string {
  return line.replace(SPECIFIER, (whole, keyword: string, quote: string, specifier: string) => {
    const old = importedFile(
      specifier,
      from,
      renamed.map(({ oldPath }) => oldPath),
    );
    if (old === null && from === to) return whole;
    const path = old === null ? join(dirname(from), specifier) : renamedPath(old, specifier, renamed);
    return `${keyword}${quote}${specifierOf(path, to)}${quote}`;
  });
}

/** Returns the new path of a renamed file, with an extension where the specifier has one. */
function renamedPath(old: string, specifier: string, renamed: readonly RenamedFile[]): string {
  const { path } = renamed.find(({ oldPath }) => oldPath === old)!;
  const extension = /\.[cm]?[jt]sx?$/.exec(specifier)?.[0] ?? '';
  return path.replace(/\.[cm]?[jt]sx?$/, extension);
}

function specifierOf(path: string, from: string): string {
  const specifier = relative(dirname(from), path).split(sep).join('/') || '.';
  return specifier.startsWith('.') ? specifier : `./${specifier}`;
}

import { dirname, join } from 'node:path';

const EXTENSIONS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];

/** Returns the file among several that an import leads to; null if it leads elsewhere, or may lead to more than one of them. */
export function importedFile(specifier: string, from: string, files: readonly string[]): string | null {
  const isRelative = /^\.{1,2}(\/|$)/.test(specifier);
  const path = isRelative ? join(dirname(from), specifier) : specifier.replace(/^[@~#]?[^/]*\//, '/');
  const candidates = EXTENSIONS.flatMap((extension) => [
    `${path}${extension}`,
    // TypeScript's own modules are imported under the names of their output.
    `${path.replace(/\.([cm]?)js$/, '.$1ts')}${extension}`,
  ]);
  if (isRelative) return candidates.find((candidate) => files.includes(candidate)) ?? null;
  const found = files.filter((file) =>
    candidates.some((candidate) => candidate !== '/' && file.endsWith(candidate)),
  );
  return found.length === 1 ? found[0]! : null;
}

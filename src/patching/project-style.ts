import { createRequire } from 'node:module';
import type { SourceEdit } from '../model/source';
import { editsBetween } from './splices';
import { applyEdits, dedent } from './text-edits';

/** The parts of the service's own prettier that are used. Before its version 3 it answers at once. */
interface Prettier {
  resolveConfig(file: string, options: { editorconfig: boolean }): Promise<object | null> | object | null;
  format(text: string, options: object): Promise<string> | string;
}

/**
 * Returns edits as the service's own prettier would write them, if it is installed, and if it leaves the rest of each file as it is.
 * Paths of files are absolute.
 */
export async function inProjectStyle(
  edits: readonly SourceEdit[],
  textOf: (file: string) => string | null,
): Promise<SourceEdit[]> {
  const files = [...new Set(edits.map(({ file }) => file))];
  const styled = await Promise.all(
    files.map((file) =>
      styledIn(
        file,
        textOf(file),
        edits.filter((edit) => edit.file === file),
      ),
    ),
  );
  return styled.flat();
}

async function styledIn(file: string, text: string | null, edits: SourceEdit[]): Promise<SourceEdit[]> {
  const format = text === null ? null : await formatterFor(file, text);
  if (text === null || !format) return edits;
  const after = await format(applyEdits(text.split('\n'), edits)).catch(() => null);
  return after === null ? edits : editsBetween(text, after).map((edit) => ({ file, ...edit }));
}

/** Returns how the service formats a file; null if it does not format the file as it is. */
async function formatterFor(file: string, text: string): Promise<((text: string) => Promise<string>) | null> {
  try {
    const prettier = createRequire(file)('prettier') as Prettier;
    const config = await prettier.resolveConfig(file, { editorconfig: true });
    const format = async (code: string): Promise<string> =>
      prettier.format(code, { ...config, filepath: file });
    return (await format(text)) === text ? format : null;
  } catch {
    return null;
  }
}

/** Returns the code of edits without those that only import names. */
export function snippetOf(edits: readonly SourceEdit[]): string {
  const parts = edits.map(({ replacement }) => dedent(replacement));
  const code = parts.filter((part) => !part.split('\n').every((line) => IMPORTS.test(line)));
  return (code.length > 0 ? code : parts).filter((part) => part.trim() !== '').join('\n');
}

/** Matches an import, and a line with one name of a longer one. */
const IMPORTS = /^\s*(import\b.*|[\w$]+( as [\w$]+)?,?)?$/;

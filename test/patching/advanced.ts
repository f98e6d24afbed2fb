import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AdvancedPatch, advancePatch } from '../../lib/patching/advance-patch';
import { applyEdits } from '../../lib/patching/text-edits';
import { patchCallsInTexts } from '../helpers/parsed-modules';

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

/** Moves a patch of some files on. */
export function advance(files: Files, id = 'x'): AdvancedPatch {
  return advancePatch(id, patchCallsInTexts(files), {
    files: Object.keys(files),
    textOf: (path) => files[path] ?? null,
  });
}

/** Returns the texts of files after each candidate; throws if there is none. */
export function textsAfter(files: Files, id = 'x'): { order: string; files: Files }[] {
  const result = advance(files, id);
  if ('reason' in result) throw new Error(result.reason);
  return result.candidates.map(({ order, edits }) => ({
    order,
    files: Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path,
        applyEdits(
          text.split('\n'),
          edits.filter(({ file }) => file === path),
        ),
      ]),
    ),
  }));
}

/** Reads the cases of a file of `advance-cases/`: a name, the code, and after `=>` the code of each candidate. */
export function casesIn(file: string): { name: string; before: string; after: string[] }[] {
  const text = readFileSync(join(__dirname, 'advance-cases', file), 'utf8');
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [head, ...after] = part.trimEnd().split(/^=>(?: before other calls)?\n?/m);
      const [name, ...lines] = head!.split('\n');
      return { name: name!, before: lines.join('\n').trimEnd(), after: after.map((one) => one.trimEnd()) };
    });
}

import type { BundledSources } from '../source/bundled-sources';
import { walk } from '../source/walk';

/** Whether a name is still called somewhere in the sources. */
export function isCalled(name: string, sources: BundledSources): boolean {
  return sources.files().some((file) => {
    const syntax = sources.syntaxOf(file);
    if (!syntax) return false;
    for (const node of walk(syntax.program)) {
      if (node.type !== 'CallExpression') continue;
      const { callee } = node;
      const called =
        callee.type === 'Identifier'
          ? callee.name
          : callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
            ? callee.property.name
            : null;
      if (called === name) return true;
    }
    return false;
  });
}

/** Ids that the sources give to `patched()` or `deprecatePatch()`. */
export const patchIdsIn = (sources: BundledSources): string[] =>
  sources.files().flatMap((file) => patchIdsOf(sources.textOf(file) ?? ''));

/** The same of one text. */
export const patchIdsOf = (text: string): string[] =>
  [...text.matchAll(/\b(?:patched|deprecatePatch)\(\s*['"`]([^'"`]+)['"`]/g)].map((match) => match[1]!);

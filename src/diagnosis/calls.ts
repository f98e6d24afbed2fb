import type { Sources } from './sources';
import { walk } from './syntax';

/** Whether a name is still called somewhere in the sources. */
export function isCalled(name: string, sources: Sources): boolean {
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
export function patchIdsIn(sources: Sources): string[] {
  const ids: string[] = [];
  for (const file of sources.files())
    for (const match of (sources.textOf(file) ?? '').matchAll(
      /\b(?:patched|deprecatePatch)\(\s*['"`]([^'"`]+)['"`]/g,
    ))
      ids.push(match[1]!);
  return ids;
}

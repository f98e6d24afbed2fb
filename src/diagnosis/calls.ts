import type { BundledSources } from '../source/bundled-sources';
import { walk } from '../source/walk';

/** Returns true if the sources call a function or method of that name. */
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

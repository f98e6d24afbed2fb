import type { SourceEdit } from '../model/source';

/** Returns the expression with which a file calls `patched`, and the edits that import it. */
export function patchedCallIn(
  lines: readonly string[],
  patchId: string,
): { expression: string; edits: Omit<SourceEdit, 'file'>[] } {
  const text = lines.join('\n');
  const argument = `'${patchId}'`;
  const namespace =
    /import \* as (\w+) from ['"]@temporalio\/workflow['"]/.exec(text)?.[1] ??
    /\b(?:const|let|var) (\w+) = require\(['"]@temporalio\/workflow['"]\)\s*(?:;|$)/m.exec(text)?.[1];
  if (namespace) return { expression: `${namespace}.patched(${argument})`, edits: [] };
  const expression = `patched(${argument})`;
  const isImported =
    /import\s*\{[^}]*\bpatched\b[^}]*\}\s*from\s*['"]@temporalio\/workflow['"]/.test(text) ||
    /\{[^}]*\bpatched\b[^}]*\}\s*=\s*require\(['"]@temporalio\/workflow['"]\)/.test(text);
  if (isImported) return { expression, edits: [] };
  const isCommonJs = !/^(import|export)\b/m.test(text) && /\brequire\(|\b(module\.)?exports\b/.test(text);
  const quote = (isCommonJs ? /require\("/ : /from\s+"/).test(text) ? '"' : "'";
  const from = `${quote}@temporalio/workflow${quote}`;
  const statement = isCommonJs ? `const { patched } = require(${from});` : `import { patched } from ${from};`;
  const firstImport = lines.findIndex((row) =>
    isCommonJs ? /^(const|let|var)\b.*\brequire\(/.test(row) : /^import\b/.test(row),
  );
  const at = firstImport === -1 ? (/^(#!|['"]use strict)/.test(lines[0] ?? '') ? 2 : 1) : firstImport + 1;
  return { expression, edits: [{ startLine: at, endLine: at - 1, replacement: statement }] };
}

import type { RemedyChange } from '../model/diagnosis';
import type { BundledSources } from '../source/bundled-sources';
import { nameOf } from '../source/expressions';
import type { Node } from '../source/parse';
import { namesIn } from '../source/patterns';

/** Returns the ways to export a workflow function under one more name, the likeliest first. */
export function exportUnder(name: string, current: string, sources: BundledSources): RemedyChange[] {
  if (!/^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name)) return [];
  const changes = { own: [] as RemedyChange[], passedOn: [] as RemedyChange[] };
  for (const file of sources.files()) {
    const lines = sources.textOf(file)?.split('\n') ?? [];
    for (const statement of sources.syntaxOf(file)?.program.body ?? []) {
      if (statement.type !== 'ExportNamedDeclaration') continue;
      if (statement.declaration && declares(statement.declaration, current))
        changes.own.push(appended(`export { ${current} as ${name} };`, file, lines));
      const specifier = statement.specifiers.find(({ exported }) => nameOf(exported) === current);
      if (!specifier) continue;
      const { line, column } = specifier.loc.end;
      const text = lines[line - 1]!;
      const added = `, ${nameOf(specifier.local)} as ${name}`;
      const replacement = text.slice(0, column) + added + text.slice(column);
      changes.passedOn.push({
        snippet: replacement.trim(),
        edits: [{ file, startLine: line, endLine: line, replacement }],
      });
    }
  }
  return [...changes.passedOn, ...changes.own];
}

function declares(declaration: Node, name: string): boolean {
  if (declaration.type === 'VariableDeclaration')
    return declaration.declarations.some(({ id }) => namesIn(id).includes(name));
  return declaration.type === 'FunctionDeclaration' && declaration.id?.name === name;
}

/** Returns the change that adds a statement at the end of a file. */
function appended(statement: string, file: string, lines: readonly string[]): RemedyChange {
  const isEnded = lines.at(-1) === '';
  const startLine = isEnded ? lines.length : lines.length + 1;
  return {
    snippet: statement,
    edits: [{ file, startLine, endLine: startLine - 1, replacement: statement }],
  };
}

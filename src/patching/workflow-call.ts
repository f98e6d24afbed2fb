import type { TSESTree } from '@typescript-eslint/types';
import type { SourceEdit } from '../model/source';
import { bindingsOf, requiredModule } from '../source/bindings';
import { nameOf, stringOf } from '../source/expressions';
import { type Node, parseSource } from '../source/parse';
import type { PatchFunction } from '../model/patches';

export const WORKFLOW_PACKAGE = '@temporalio/workflow';

type LineEdit = Omit<SourceEdit, 'file'>;

/**
 * Returns the expression with which a file calls a function of the workflow package, and the edits that import it, into an
 * import that is there if one is.
 */
export function workflowCallIn(
  lines: readonly string[],
  file: string,
  name: PatchFunction,
  patchId: string,
): { expression: string; edits: LineEdit[] } {
  const { callee, edits } = workflowFunctionIn(lines, file, name);
  return { expression: `${callee}('${patchId}')`, edits };
}

/** Returns the same for the function itself. */
export function workflowFunctionIn(
  lines: readonly string[],
  file: string,
  name: PatchFunction,
): { callee: string; edits: LineEdit[] } {
  const program = parseSource(lines.join('\n'), file)?.program;
  const imports = program?.body.flatMap((statement) => importsBy(statement, name)) ?? [];
  const known = imports.find(({ callee }) => callee !== null)?.callee;
  if (known) return { callee: known, edits: [] };
  const isTaken = program !== undefined && bindingsOf(name, program, { path: file, program }).length > 0;
  const local = isTaken ? `workflow${name[0]!.toUpperCase()}${name.slice(1)}` : name;
  const joined = imports.find(({ joinAfter }) => joinAfter !== null)?.joinAfter;
  const edit = joined ? joinedTo(joined, { name, local }, lines) : newImport(lines, { name, local });
  return { callee: local, edits: [edit] };
}

/** An import of the SDK's workflow package. */
interface WorkflowImport {
  /** The text that calls the function with this import alone, or null if the import does not lead to it. */
  callee: string | null;
  /** The place for one more name, or null if the import takes none. */
  joinAfter: Joint | null;
}

/** The node after which a name is added: the last one of a list, or the default import, which a list follows. */
interface Joint {
  node: Node;
  style: 'import' | 'default' | 'require';
}

function importsBy(statement: Node, name: PatchFunction): WorkflowImport[] {
  if (statement.type === 'ImportDeclaration') return importedBy(statement, name);
  if (statement.type === 'VariableDeclaration')
    return statement.declarations.flatMap((one) => requiredBy(one, name));
  if (statement.type !== 'TSImportEqualsDeclaration') return [];
  const { moduleReference: of, id } = statement;
  const isOfPackage = of.type === 'TSExternalModuleReference' && stringOf(of.expression) === WORKFLOW_PACKAGE;
  return isOfPackage ? [{ callee: `${id.name}.${name}`, joinAfter: null }] : [];
}

function importedBy(
  { source, importKind, specifiers }: TSESTree.ImportDeclaration,
  name: PatchFunction,
): WorkflowImport[] {
  if (source.value !== WORKFLOW_PACKAGE || importKind === 'type') return [];
  const namespace = specifiers.find(({ type }) => type === 'ImportNamespaceSpecifier');
  if (namespace) return [{ callee: `${namespace.local.name}.${name}`, joinAfter: null }];
  const named = specifiers.filter((specifier) => specifier.type === 'ImportSpecifier');
  const own = named.find(({ imported, importKind: kind }) => nameOf(imported) === name && kind !== 'type');
  const last = specifiers.at(-1);
  const style = named.length > 0 ? 'import' : 'default';
  return [{ callee: own?.local.name ?? null, joinAfter: last ? { node: last, style } : null }];
}

function requiredBy({ id, init }: TSESTree.VariableDeclarator, name: PatchFunction): WorkflowImport[] {
  if (init === null || requiredModule(init) !== WORKFLOW_PACKAGE) return [];
  if (id.type === 'Identifier') return [{ callee: `${id.name}.${name}`, joinAfter: null }];
  if (id.type !== 'ObjectPattern') return [];
  const own = id.properties.find((property) => property.type === 'Property' && nameOf(property.key) === name);
  const callee = own?.value?.type === 'Identifier' ? own.value.name : null;
  const last = id.properties.at(-1);
  // Nothing can follow `...rest`.
  const joinAfter = last?.type === 'Property' ? ({ node: last, style: 'require' } as const) : null;
  return [{ callee, joinAfter }];
}

/** The name of a function in the package, and its name in the file. */
interface ImportedName {
  name: PatchFunction;
  local: string;
}

function joinedTo({ node, style }: Joint, names: ImportedName, lines: readonly string[]): LineEdit {
  const { line, column } = node.loc.end;
  const text = lines[line - 1]!;
  const [before, after] = [text.slice(0, column), text.slice(column)];
  const specifier = specifierOf(names, style === 'require' ? ': ' : ' as ');
  // In a list of one name a line, the added name has its own line too.
  const isOnOwnLine =
    before.slice(0, node.loc.start.column).trim() === '' && /^\s*,?\s*(\/\/.*)?$/.test(after);
  const separator = isOnOwnLine ? `,\n${/^\s*/.exec(text)![0]}` : ', ';
  const added = style === 'default' ? `, { ${specifier} }` : `${separator}${specifier}`;
  return { startLine: line, endLine: line, replacement: before + added + after };
}

const specifierOf = ({ name, local }: ImportedName, as: string): string =>
  local === name ? name : `${name}${as}${local}`;

function newImport(lines: readonly string[], names: ImportedName): LineEdit {
  const text = lines.join('\n');
  const isCommonJs = !/^(import|export)\b/m.test(text) && /\brequire\(|\b(module\.)?exports\b/.test(text);
  const quote = (isCommonJs ? /require\("/ : /from\s+"/).test(text) ? '"' : "'";
  const from = `${quote}${WORKFLOW_PACKAGE}${quote}`;
  const statement = isCommonJs
    ? `const { ${specifierOf(names, ': ')} } = require(${from});`
    : `import { ${specifierOf(names, ' as ')} } from ${from};`;
  const firstImport = lines.findIndex((row) =>
    isCommonJs ? /^(const|let|var)\b.*\brequire\(/.test(row) : /^import\b/.test(row),
  );
  const at = firstImport === -1 ? (/^(#!|['"]use strict)/.test(lines[0] ?? '') ? 2 : 1) : firstImport + 1;
  return { startLine: at, endLine: at - 1, replacement: statement };
}

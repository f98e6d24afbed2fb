import type { TSESTree } from '@typescript-eslint/types';
import type { SourceEdit } from '../model/source';
import { bindingsOf, requiredModule } from '../source/bindings';
import { nameOf, stringOf } from '../source/expressions';
import { type Node, parseSource } from '../source/parse';

const WORKFLOW_PACKAGE = '@temporalio/workflow';

type LineEdit = Omit<SourceEdit, 'file'>;

/** Returns the expression with which a file calls `patched`, and the edits that import it, into an import that is there if one is. */
export function patchedCallIn(
  lines: readonly string[],
  file: string,
  patchId: string,
): { expression: string; edits: LineEdit[] } {
  const program = parseSource(lines.join('\n'), file)?.program;
  const imports = program?.body.flatMap(importsBy) ?? [];
  const call = (callee: string): string => `${callee}('${patchId}')`;
  const known = imports.find(({ callee }) => callee !== null)?.callee;
  if (known) return { expression: call(known), edits: [] };
  const isTaken = program !== undefined && bindingsOf('patched', program, { path: file, program }).length > 0;
  const local = isTaken ? 'workflowPatched' : 'patched';
  const joined = imports.find(({ joinAfter }) => joinAfter !== null)?.joinAfter;
  const edit = joined ? joinedTo(joined, local, lines) : newImport(lines, local);
  return { expression: call(local), edits: [edit] };
}

/** An import of the SDK's workflow package. */
interface WorkflowImport {
  /** The text that calls `patched` with this import alone, or null if the import does not lead to it. */
  callee: string | null;
  /** The place for one more name, or null if the import takes none. */
  joinAfter: Joint | null;
}

/** The node after which a name is added: the last one of a list, or the default import, which a list follows. */
interface Joint {
  node: Node;
  style: 'import' | 'default' | 'require';
}

function importsBy(statement: Node): WorkflowImport[] {
  if (statement.type === 'ImportDeclaration') return importedBy(statement);
  if (statement.type === 'VariableDeclaration') return statement.declarations.flatMap(requiredBy);
  if (statement.type !== 'TSImportEqualsDeclaration') return [];
  const { moduleReference: of, id } = statement;
  const isOfPackage = of.type === 'TSExternalModuleReference' && stringOf(of.expression) === WORKFLOW_PACKAGE;
  return isOfPackage ? [{ callee: `${id.name}.patched`, joinAfter: null }] : [];
}

function importedBy({ source, importKind, specifiers }: TSESTree.ImportDeclaration): WorkflowImport[] {
  if (source.value !== WORKFLOW_PACKAGE || importKind === 'type') return [];
  const namespace = specifiers.find(({ type }) => type === 'ImportNamespaceSpecifier');
  if (namespace) return [{ callee: `${namespace.local.name}.patched`, joinAfter: null }];
  const named = specifiers.filter((specifier) => specifier.type === 'ImportSpecifier');
  const patched = named.find(
    ({ imported, importKind: kind }) => nameOf(imported) === 'patched' && kind !== 'type',
  );
  const last = specifiers.at(-1);
  const style = named.length > 0 ? 'import' : 'default';
  return [{ callee: patched?.local.name ?? null, joinAfter: last ? { node: last, style } : null }];
}

function requiredBy({ id, init }: TSESTree.VariableDeclarator): WorkflowImport[] {
  if (init === null || requiredModule(init) !== WORKFLOW_PACKAGE) return [];
  if (id.type === 'Identifier') return [{ callee: `${id.name}.patched`, joinAfter: null }];
  if (id.type !== 'ObjectPattern') return [];
  const patched = id.properties.find(
    (property) => property.type === 'Property' && nameOf(property.key) === 'patched',
  );
  const callee = patched?.value?.type === 'Identifier' ? patched.value.name : null;
  const last = id.properties.at(-1);
  // Nothing can follow `...rest`.
  const joinAfter = last?.type === 'Property' ? ({ node: last, style: 'require' } as const) : null;
  return [{ callee, joinAfter }];
}

function joinedTo({ node, style }: Joint, local: string, lines: readonly string[]): LineEdit {
  const { line, column } = node.loc.end;
  const text = lines[line - 1]!;
  const [before, after] = [text.slice(0, column), text.slice(column)];
  const name = imported(local, style === 'require' ? ': ' : ' as ');
  // In a list of one name a line, the added name has its own line too.
  const isOnOwnLine =
    before.slice(0, node.loc.start.column).trim() === '' && /^\s*,?\s*(\/\/.*)?$/.test(after);
  const separator = isOnOwnLine ? `,\n${/^\s*/.exec(text)![0]}` : ', ';
  const added = style === 'default' ? `, { ${name} }` : `${separator}${name}`;
  return { startLine: line, endLine: line, replacement: before + added + after };
}

const imported = (local: string, as: string): string =>
  local === 'patched' ? local : `patched${as}${local}`;

function newImport(lines: readonly string[], local: string): LineEdit {
  const text = lines.join('\n');
  const isCommonJs = !/^(import|export)\b/m.test(text) && /\brequire\(|\b(module\.)?exports\b/.test(text);
  const quote = (isCommonJs ? /require\("/ : /from\s+"/).test(text) ? '"' : "'";
  const from = `${quote}${WORKFLOW_PACKAGE}${quote}`;
  const statement = isCommonJs
    ? `const { ${imported(local, ': ')} } = require(${from});`
    : `import { ${imported(local, ' as ')} } from ${from};`;
  const firstImport = lines.findIndex((row) =>
    isCommonJs ? /^(const|let|var)\b.*\brequire\(/.test(row) : /^import\b/.test(row),
  );
  const at = firstImport === -1 ? (/^(#!|['"]use strict)/.test(lines[0] ?? '') ? 2 : 1) : firstImport + 1;
  return { startLine: at, endLine: at - 1, replacement: statement };
}

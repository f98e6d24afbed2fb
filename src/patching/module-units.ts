import type { TSESTree } from '@typescript-eslint/types';
import { importedName } from '../source/bindings';
import { type FunctionNode, isFunction } from '../source/functions';
import type { ParsedModule } from '../source/module-reader';
import { type Node, parseSource } from '../source/parse';
import { namesIn } from '../source/patterns';
import { walkWithAncestors } from '../source/walk';

/** A declaration at the top of a module. */
export interface Unit {
  /** A function can be entered by another way; a value is chosen where it is used; a type does not run. */
  kind: 'function' | 'value' | 'type';
  names: readonly string[];
  /** The whole statement, with its `export`. */
  statement: Node;
  declaration: Node;
  /** The function, for the kind `function`. */
  fn: FunctionNode | null;
}

/** A name that a module imports. */
export interface ImportedName {
  local: string;
  /** Name in the other module; `*` for its namespace. */
  imported: string;
  specifier: string;
  statement: TSESTree.ImportDeclaration;
}

/** The text of a module with its declarations. */
export interface ModuleUnits {
  text: string;
  module: ParsedModule;
  units: readonly Unit[];
  imports: readonly ImportedName[];
}

/** Returns the declarations of a module, or null if its text is not valid. */
export function unitsOf(text: string, path: string): ModuleUnits | null {
  const syntax = parseSource(text, path);
  if (!syntax || syntax.errors.length > 0) return null;
  const { program } = syntax;
  return {
    text,
    module: { path, program },
    units: program.body.flatMap((statement) => unitOf(statement) ?? []),
    imports: program.body.flatMap((statement) =>
      statement.type === 'ImportDeclaration' ? namesImportedBy(statement) : [],
    ),
  };
}

export const textOf = ({ text }: ModuleUnits, { range }: Node): string => text.slice(range[0], range[1]);

/** Returns the declaration of a name, or undefined if the module has none. */
export const unitNamed = ({ units }: ModuleUnits, name: string): Unit | undefined =>
  units.find(({ names }) => names.includes(name));

function unitOf(statement: Node): Unit | null {
  const isExport =
    statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
  const declaration: Node | null = isExport ? statement.declaration : statement;
  if (declaration === null) return null;
  const unit = { statement, declaration, fn: null };
  switch (declaration.type) {
    case 'FunctionDeclaration':
      return declaration.id
        ? { ...unit, kind: 'function', names: [declaration.id.name], fn: declaration }
        : null;
    case 'VariableDeclaration':
      return { ...unit, ...variableUnit(declaration) };
    case 'ClassDeclaration':
      return declaration.id ? { ...unit, kind: 'value', names: [declaration.id.name] } : null;
    case 'TSEnumDeclaration':
      return { ...unit, kind: 'value', names: [declaration.id.name] };
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return { ...unit, kind: 'type', names: [declaration.id.name] };
    default:
      return null;
  }
}

function variableUnit({ declarations }: TSESTree.VariableDeclaration): Pick<Unit, 'kind' | 'names' | 'fn'> {
  const [first, ...more] = declarations as TSESTree.VariableDeclarator[];
  const names = declarations.flatMap(({ id }) => namesIn(id));
  const fn = more.length === 0 && first?.id.type === 'Identifier' && first.init && isFunction(first.init);
  return fn
    ? { kind: 'function', names, fn: first.init as FunctionNode }
    : { kind: 'value', names, fn: null };
}

function namesImportedBy(statement: TSESTree.ImportDeclaration): ImportedName[] {
  return statement.specifiers.map((one) => ({
    local: one.local.name,
    imported: importedName(one),
    specifier: statement.source.value,
    statement,
  }));
}

/** Returns the names that a part of a module mentions, of values and of types, without keys and members. */
export function namesMentionedIn(part: Node): Set<string> {
  const names = new Set<string>();
  for (const { node, ancestors } of walkWithAncestors(part)) {
    if (node.type !== 'Identifier') continue;
    const parent = ancestors.at(-1);
    const isMember = parent?.type === 'MemberExpression' && parent.property === node && !parent.computed;
    const isKey = parent?.type === 'Property' && parent.key === node && !parent.computed && !parent.shorthand;
    if (!isMember && !isKey) names.add(node.name);
  }
  return names;
}

/** Returns the statement that imports a name under a local one. */
export function importText({ imported, specifier, statement }: ImportedName, local: string): string {
  const from = statement.source.raw ?? `'${specifier}'`;
  if (imported === '*') return `import * as ${local} from ${from};`;
  if (imported === 'default') return `import ${local} from ${from};`;
  const isType = statement.importKind === 'type' ? 'type ' : '';
  return `import ${isType}{ ${imported === local ? local : `${imported} as ${local}`} } from ${from};`;
}

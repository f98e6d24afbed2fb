import type { TSESTree } from '@typescript-eslint/types';
import { type Definition, type Scope, type ScopeManager, type Variable, analyze } from 'eslint-scope';
import { keyOf, stringOf, withoutWrappers } from './expressions';
import type { FunctionNode } from './functions';
import type { ParsedModule } from './module-reader';
import type { Node } from './parse';
import { walkWithAncestors } from './walk';

/** A declaration or value that a name in a module refers to. */
export type Binding =
  | { kind: 'value'; node: Node }
  /** A property of the value of an expression: `const { name } = expression`. */
  | { kind: 'property'; of: Node; key: string }
  | { kind: 'import'; specifier: string; name: string }
  | { kind: 'function'; node: FunctionNode }
  /** A parameter, or the property `key` of one. */
  | { kind: 'parameter'; of: FunctionNode; index: number; key: string | null }
  | { kind: 'enum'; node: TSESTree.TSEnumDeclaration };

/** The imported name that stands for a whole module: its namespace object, or what `require` returns. */
export const NAMESPACE = '*';

/**
 * Returns what a name refers to at a node: its innermost declaration, then the values that are assigned to it. The result
 * is empty for a name that is not declared, or is declared in a pattern of more than one level.
 */
export function bindingsOf(name: string, at: Node, module: ParsedModule): Binding[] {
  const variable = variableOf(name, at, module);
  if (!variable) return enumsOf(name, module);
  const declared = variable.defs.map(declaredBy);
  return declared.includes(null) ? [] : [...declared.flatMap((binding) => binding!), ...assignedTo(variable)];
}

const scopesOf = new WeakMap<ParsedModule, readonly Scope[]>();

function variableOf(name: string, at: Node, module: ParsedModule): Variable | undefined {
  const around = scopesIn(module).filter(({ block }) => contains(block as Node, at));
  for (let scope: Scope | null | undefined = around.at(-1); scope; scope = scope.upper) {
    const variable = scope.set.get(name);
    // Each function has a variable `arguments`, which nothing defines.
    if (variable && variable.defs.length > 0) return variable;
  }
  return undefined;
}

/** Returns true if a node lies within another one of the same module. */
export const contains = (outer: Node, inner: Node): boolean =>
  outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];

/** Returns the scopes of a module, each after those around it. */
export function scopesIn(module: ParsedModule): readonly Scope[] {
  const known = scopesOf.get(module);
  if (known) return known;
  const scopes = analyzed(module)?.scopes ?? [];
  scopesOf.set(module, scopes);
  return scopes;
}

/** Returns null for a tree that the scope manager refuses, as one of invalid code may be. */
function analyzed({ program }: ParsedModule): ScopeManager | null {
  try {
    return analyze(program as never, { ecmaVersion: 2024, sourceType: 'module' });
  } catch {
    return null;
  }
}

/**
 * Returns the variables that a part of a module uses and that are declared elsewhere in it, and the names of values that are declared
 * nowhere in it, as globals are.
 */
export function namesUsedIn(
  part: Node,
  module: ParsedModule,
): { variables: Variable[]; undeclared: string[] } {
  const references = scopesIn(module)
    .flatMap((scope) => scope.references)
    .filter(({ identifier }) => contains(part, identifier as Node));
  const declared = references.flatMap(({ resolved }) =>
    resolved?.defs.some(({ name }) => !contains(part, name as Node)) ? [resolved] : [],
  );
  const types = new Set(typeNamesIn(part));
  const undeclared = references.filter(
    ({ resolved, identifier }) => !resolved && !types.has(identifier as Node),
  );
  return {
    variables: [...new Set(declared)],
    undeclared: undeclared.map(({ identifier }) => (identifier as TSESTree.Identifier).name),
  };
}

/** Returns the nodes of types: the scope manager takes the names in them for those of values. */
const typeNamesIn = (part: Node): Node[] =>
  [...walkWithAncestors(part)].flatMap(({ node, ancestors }) =>
    ancestors.some(({ type }) => type === 'TSTypeAnnotation' || type === 'TSTypeReference') ? [node] : [],
  );

function declaredBy(definition: Definition): Binding | null {
  const id = definition.name as Node;
  switch (definition.type) {
    case 'ImportBinding':
      return importedBy(definition.node as never, definition.parent as never);
    case 'FunctionName':
      return { kind: 'function', node: definition.node as FunctionNode };
    case 'ClassName':
      return { kind: 'value', node: definition.node as Node };
    case 'Parameter':
      return parameterNamed(id, definition.node as FunctionNode, definition.index ?? 0);
    case 'Variable':
      return variableNamed(id, definition.node as TSESTree.VariableDeclarator);
    default:
      return { kind: 'value', node: id };
  }
}

function importedBy(specifier: TSESTree.ImportClause, { source }: TSESTree.ImportDeclaration): Binding {
  return { kind: 'import', specifier: source.value, name: importedName(specifier) };
}

/** Returns the name of an import in the other module; {@link NAMESPACE} for the whole of it. */
export function importedName(specifier: TSESTree.ImportClause): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return NAMESPACE;
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  const { imported } = specifier;
  return imported.type === 'Identifier' ? imported.name : imported.value;
}

function parameterNamed(id: Node, fn: FunctionNode, index: number): Binding | null {
  const parameter = fn.params[index];
  if (!parameter) return null;
  const key = keyIn(parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter, id);
  return key === undefined ? null : { kind: 'parameter', of: fn, index, key };
}

function variableNamed(id: Node, { id: pattern, init }: TSESTree.VariableDeclarator): Binding | null {
  if (init === null) return { kind: 'value', node: id };
  const key = keyIn(pattern, id);
  if (key === undefined) return null;
  const specifier = requiredModule(init);
  if (specifier !== null) return { kind: 'import', specifier, name: key ?? NAMESPACE };
  return key === null ? { kind: 'value', node: init } : { kind: 'property', of: init, key };
}

/**
 * Returns the key of the property that a pattern gives to a name: null if the name is the whole pattern, undefined if it
 * stands deeper in the pattern.
 */
function keyIn(pattern: Node, id: Node): string | null | undefined {
  const target = withoutDefault(pattern);
  if (target === id) return null;
  if (target.type !== 'ObjectPattern') return undefined;
  const property = target.properties.find(
    (one) => one.type === 'Property' && withoutDefault(one.value) === id,
  );
  return property?.type === 'Property' && !property.computed && property.key.type === 'Identifier'
    ? property.key.name
    : undefined;
}

const withoutDefault = (pattern: Node): Node =>
  pattern.type === 'AssignmentPattern' ? pattern.left : pattern;

/** Returns the values of assignments and defaults. */
function assignedTo({ references, defs }: Variable): Binding[] {
  const declared = defs.map(({ node }) => (node as { init?: unknown }).init);
  return references.flatMap((reference): Binding[] => {
    const value = reference.writeExpr as Node | null | undefined;
    // A name in a pattern and the variable of a loop get only a part of the value.
    const isWhole = value && !reference.partial && !declared.includes(value);
    return isWhole ? [{ kind: 'value', node: value }] : [];
  });
}

/** Returns the enums of a module by name. To the scope manager, which knows JavaScript alone, they are no declarations. */
function enumsOf(name: string, { program }: ParsedModule): Binding[] {
  return program.body.flatMap((statement): Binding[] => {
    const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    return node?.type === 'TSEnumDeclaration' && node.id.name === name ? [{ kind: 'enum', node }] : [];
  });
}

/** Returns the module of `require('m')` and `await import('m')`, or null for another expression. */
export function requiredModule(node: Node): string | null {
  const loaded = withoutWrappers(node);
  const call = withoutWrappers(loaded.type === 'AwaitExpression' ? loaded.argument : loaded);
  if (call.type === 'ImportExpression') return stringOf(call.source);
  const [specifier] = call.type === 'CallExpression' ? call.arguments : [];
  const isRequire =
    call.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === 'require';
  return isRequire && specifier ? stringOf(specifier) : null;
}

/** Returns true if an expression is what a package exports under a name, however it was imported or required. */
export function isExportOf(node: Node, specifier: string, name: string, module: ParsedModule): boolean {
  if (node.type === 'Identifier') {
    return bindingsOf(node.name, node, module).some(
      (binding) =>
        (binding.kind === 'import' && binding.specifier === specifier && binding.name === name) ||
        (binding.kind === 'property' && binding.key === name && isNamespaceOf(binding.of, specifier, module)),
    );
  }
  return (
    node.type === 'MemberExpression' && keyOf(node) === name && isNamespaceOf(node.object, specifier, module)
  );
}

function isNamespaceOf(node: Node, specifier: string, module: ParsedModule): boolean {
  if (requiredModule(node) === specifier) return true;
  if (node.type !== 'Identifier') return false;
  return bindingsOf(node.name, node, module).some(
    (binding) =>
      binding.kind === 'import' &&
      binding.specifier === specifier &&
      (binding.name === NAMESPACE || binding.name === 'default'),
  );
}

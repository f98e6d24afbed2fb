import type * as t from '@babel/types';
import { type ParsedModule, walk } from './module-reader';

/** What a name in a module stands for. */
export type Binding =
  | { kind: 'value'; node: t.Node }
  /** A property of what an expression stands for: `const { name } = expression`. */
  | { kind: 'property'; of: t.Node; key: string }
  | { kind: 'import'; specifier: string; name: string }
  | { kind: 'function'; node: t.Function }
  | { kind: 'parameter'; of: t.Function; index: number; key: string | null }
  | { kind: 'enum'; node: t.TSEnumDeclaration };

/** All of a module: its namespace object, or what `require` returns. */
export const NAMESPACE = '*';

interface Declared {
  name: string;
  scope: t.Node;
  binding: Binding;
}

const declaredIn = new WeakMap<ParsedModule, Declared[]>();

/** What a name stands for where `at` is: its innermost declaration, and what is assigned to that. */
export function bindingsOf(name: string, at: t.Node, module: ParsedModule): Binding[] {
  const declared = allOf(module).filter(
    (one) => one.name === name && one.scope.start! <= at.start! && at.end! <= one.scope.end!,
  );
  const start = Math.max(...declared.map(({ scope }) => scope.start!));
  return declared.filter(({ scope }) => scope.start === start).map(({ binding }) => binding);
}

function allOf(module: ParsedModule): Declared[] {
  let declared = declaredIn.get(module);
  if (declared === undefined) {
    declared = collect(module);
    declaredIn.set(module, declared);
  }
  return declared;
}

function collect(module: ParsedModule): Declared[] {
  const declared: Declared[] = [];
  const assignments: t.AssignmentExpression[] = [];
  walk(module.program, (node, around) => {
    const scope = around.findLast(isScope) ?? module.program;
    const add = (name: string, binding: Binding, where: t.Node = scope): void =>
      void declared.push({ name, scope: where, binding });
    if (node.type === 'VariableDeclarator' && node.init) declarePattern(node.id, node.init, add);
    else if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier')
      declared.push({ name: node.id.name, scope, binding: { kind: 'value', node: node.id } });
    else if (node.type === 'ImportDeclaration') declareImports(node, add);
    else if (node.type === 'TSEnumDeclaration') add(node.id.name, { kind: 'enum', node });
    else if (node.type === 'AssignmentExpression') assignments.push(node);
    if (isFunction(node)) {
      if (node.type === 'FunctionDeclaration' && node.id) add(node.id.name, { kind: 'function', node });
      declareParameters(node, (name, binding) => add(name, binding, node));
    }
  });
  for (const { left, right } of assignments) {
    if (left.type !== 'Identifier') continue;
    const scope = innermostScope(declared, left.name, left);
    if (scope) declared.push({ name: left.name, scope, binding: { kind: 'value', node: right } });
  }
  return declared;
}

function innermostScope(declared: readonly Declared[], name: string, at: t.Node): t.Node | undefined {
  return declared
    .filter((one) => one.name === name && one.scope.start! <= at.start! && at.end! <= one.scope.end!)
    .sort((a, b) => b.scope.start! - a.scope.start!)[0]?.scope;
}

type Add = (name: string, binding: Binding) => void;

function declarePattern(id: t.Node, init: t.Node, add: Add): void {
  const required = requiredModule(init);
  if (id.type === 'Identifier') {
    if (required !== null) add(id.name, { kind: 'import', specifier: required, name: NAMESPACE });
    else add(id.name, { kind: 'value', node: init });
  }
  if (id.type !== 'ObjectPattern') return;
  for (const property of id.properties) {
    if (property.type !== 'ObjectProperty' || property.key.type !== 'Identifier') continue;
    const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
    if (target.type !== 'Identifier') continue;
    const key = property.key.name;
    if (required !== null) add(target.name, { kind: 'import', specifier: required, name: key });
    else add(target.name, { kind: 'property', of: init, key });
  }
}

/** The module of `require('m')` and `await import('m')`. */
export function requiredModule(node: t.Node): string | null {
  let call = node.type === 'AwaitExpression' ? node.argument : node;
  while (call.type === 'TSAsExpression' || call.type === 'ParenthesizedExpression') call = call.expression;
  if (call.type !== 'CallExpression') return null;
  const { callee } = call;
  const loads = callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require');
  const [specifier] = call.arguments;
  return loads && specifier?.type === 'StringLiteral' ? specifier.value : null;
}

function declareImports(node: t.ImportDeclaration, add: Add): void {
  for (const { type, local, ...rest } of node.specifiers) {
    const imported = 'imported' in rest ? rest.imported : null;
    const name =
      type === 'ImportNamespaceSpecifier'
        ? NAMESPACE
        : type === 'ImportDefaultSpecifier'
          ? 'default'
          : imported?.type === 'StringLiteral'
            ? imported.value
            : (imported as t.Identifier).name;
    add(local.name, { kind: 'import', specifier: node.source.value, name });
  }
}

function declareParameters(node: t.Function, add: Add): void {
  node.params.forEach((parameter, index) => {
    const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
    if (target.type === 'Identifier') {
      add(target.name, { kind: 'parameter', of: node, index, key: null });
      if (parameter.type === 'AssignmentPattern') add(target.name, { kind: 'value', node: parameter.right });
    }
    if (target.type !== 'ObjectPattern') return;
    for (const property of target.properties) {
      if (property.type !== 'ObjectProperty' || property.key.type !== 'Identifier') continue;
      const { value } = property;
      const local = value.type === 'AssignmentPattern' ? value.left : value;
      if (local.type !== 'Identifier') continue;
      add(local.name, { kind: 'parameter', of: node, index, key: property.key.name });
      if (value.type === 'AssignmentPattern') add(local.name, { kind: 'value', node: value.right });
    }
  });
}

export const isFunction = (node: t.Node): node is t.Function =>
  node.type === 'FunctionDeclaration' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ArrowFunctionExpression' ||
  node.type === 'ObjectMethod' ||
  node.type === 'ClassMethod' ||
  node.type === 'ClassPrivateMethod';

const isScope = (node: t.Node): boolean =>
  node.type === 'BlockStatement' ||
  node.type === 'ForStatement' ||
  node.type === 'ForOfStatement' ||
  isFunction(node);

/** What a module exports under a name: the expression, or the module and name that it passes on. */
export function exportsOf(
  name: string,
  module: ParsedModule,
): { node: t.Node | null; passedOn: { specifier: string; name: string } | null }[] {
  const found: ReturnType<typeof exportsOf> = [];
  const local = (node: t.Node): void => void found.push({ node, passedOn: null });
  const passOn = (specifier: string, from: string): void =>
    void found.push({ node: null, passedOn: { specifier, name: from } });
  for (const statement of module.program.body) {
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default') local(statement.declaration);
    if (statement.type === 'ExportAllDeclaration') passOn(statement.source.value, name);
    if (statement.type === 'ExportNamedDeclaration') exportedBy(statement, name, local, passOn);
    if (statement.type === 'ExpressionStatement') commonJsExport(statement.expression, name, local);
  }
  return found;
}

function exportedBy(
  statement: t.ExportNamedDeclaration,
  name: string,
  local: (node: t.Node) => void,
  passOn: (specifier: string, from: string) => void,
): void {
  const { declaration } = statement;
  if (declaration?.type === 'VariableDeclaration') {
    for (const { id } of declaration.declarations)
      if (id.type === 'Identifier' && id.name === name) local(id);
  } else if (declaration && 'id' in declaration && declaration.id && 'name' in declaration.id) {
    if (declaration.id.name === name) local(declaration.id);
  }
  for (const specifier of statement.specifiers) {
    if (specifier.type !== 'ExportSpecifier') continue;
    const { exported } = specifier;
    if ((exported.type === 'StringLiteral' ? exported.value : exported.name) !== name) continue;
    if (statement.source) passOn(statement.source.value, specifier.local.name);
    else local(specifier.local);
  }
}

/** `exports.name = …`, `module.exports.name = …`, `module.exports = { name: … }`. */
function commonJsExport(expression: t.Expression, name: string, local: (node: t.Node) => void): void {
  if (expression.type !== 'AssignmentExpression' || expression.left.type !== 'MemberExpression') return;
  const { object, property } = expression.left;
  if (property.type !== 'Identifier') return;
  const isExports =
    (object.type === 'Identifier' && object.name === 'exports') ||
    (object.type === 'MemberExpression' &&
      object.property.type === 'Identifier' &&
      object.property.name === 'exports');
  if (isExports && property.name === name) local(expression.right);
  const isModule = object.type === 'Identifier' && object.name === 'module' && property.name === 'exports';
  if (!isModule) return;
  if (name === 'default') local(expression.right);
  if (expression.right.type !== 'ObjectExpression') return;
  for (const member of expression.right.properties) {
    if (member.type === 'ObjectProperty' && member.key.type === 'Identifier' && member.key.name === name)
      local(member.value);
  }
}

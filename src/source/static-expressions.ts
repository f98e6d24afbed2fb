import type { TSESTree } from '@typescript-eslint/types';
import { NAMESPACE, bindingsOf } from './bindings';
import { exportsOf } from './exports';
import { calleeText, keyOf, nameOf, withoutWrappers } from './expressions';
import { type FunctionNode, isFunction, returnedBy } from './functions';
import type { ModuleReader, ParsedModule } from './module-reader';
import type { Node } from './parse';

/** An expression, the module that it stands in, and the calls that led there. */
export interface Located<N extends Node = Node> {
  node: N;
  module: ParsedModule;
  called?: Called | undefined;
}

/** A call of a function, which gives its parameters their values. */
export interface Called {
  fn: FunctionNode;
  by: Located<TSESTree.CallExpression>;
  /** The call that led to this one. */
  outer: Called | undefined;
}

/** Returns the module of the first of the calls that led to a place, or that of the place. */
export function startOf({ module, called }: Located): ParsedModule {
  let start = module;
  for (let at = called; at; at = at.outer) start = at.by.module;
  return start;
}

/** Access to the modules of a repository. */
export interface ModuleAccess {
  read: ModuleReader;
  /** Returns the absolute path of the source of an imported module, or null for one of npm or Node. */
  resolve(specifier: string, from: string): string | null;
}

export const MAX_DEPTH = 24;

/**
 * Follows expressions to those that they stand for, without running code: names, constants of other modules, ternaries,
 * and functions that return one of these.
 */
export class StaticExpressions {
  constructor(private readonly modules: ModuleAccess) {}

  /** Returns the expressions that one stands for: literals, calls, and names that lead no further. */
  expand(at: Located, depth = 0): Located[] {
    const node = withoutWrappers(at.node);
    if (depth > MAX_DEPTH) return [at];
    const into = (next: Node): Located[] => this.expand({ ...at, node: next }, depth + 1);
    switch (node.type) {
      case 'AwaitExpression':
        return into(node.argument);
      case 'ConditionalExpression':
        return [...into(node.consequent), ...into(node.alternate)];
      case 'LogicalExpression':
        return node.operator === '&&' ? into(node.right) : [...into(node.left), ...into(node.right)];
      case 'Identifier':
        return this.expandName({ ...at, node }, depth);
      case 'MemberExpression':
        return this.expandMember({ ...at, node }, depth);
      case 'CallExpression':
        return this.expandCall({ ...at, node }, depth);
      default:
        return [{ ...at, node }];
    }
  }

  private expandName(at: Located<TSESTree.Identifier>, depth: number): Located[] {
    const { node, module } = at;
    const bindings = bindingsOf(node.name, node, module);
    if (bindings.length === 0) return [at];
    return bindings.flatMap((binding): Located[] => {
      switch (binding.kind) {
        case 'value':
          return binding.node.type === 'Identifier' && binding.node.name === node.name
            ? []
            : this.expand({ ...at, node: binding.node }, depth + 1);
        case 'property':
          return orSelf(at, this.properties({ ...at, node: binding.of }, binding.key, depth + 1));
        case 'import':
          return orSelf(at, this.exported(binding.specifier, binding.name, at, depth + 1));
        case 'parameter':
          return this.expandParameter(at, binding, depth);
        case 'function':
        case 'enum':
          return [{ ...at, node: binding.node }];
      }
    });
  }

  private expandParameter(
    at: Located,
    { of, index, key }: { of: FunctionNode; index: number; key: string | null },
    depth: number,
  ): Located[] {
    const call = callOf(of, at.called);
    const argument = call?.node.arguments[index];
    if (!call || !argument) return [at];
    const given = { ...call, node: argument };
    return key === null ? this.expand(given, depth + 1) : orSelf(at, this.properties(given, key, depth + 1));
  }

  private expandMember(at: Located<TSESTree.MemberExpression>, depth: number): Located[] {
    const key = keyOf(at.node);
    if (key === null) return [at];
    return orSelf(at, this.properties({ ...at, node: at.node.object }, key, depth + 1));
  }

  private expandCall(at: Located<TSESTree.CallExpression>, depth: number): Located[] {
    const { callee, arguments: args } = at.node;
    if (calleeText(at.node) === 'Object.freeze' && args[0])
      return this.expand({ ...at, node: args[0] }, depth + 1);
    if (callee.type !== 'Identifier' && callee.type !== 'MemberExpression') return [at];
    const functions = this.expand({ ...at, node: callee }, depth + 1);
    const returned = functions.flatMap(({ node: fn, module }): Located[] => {
      // A recursive call leads nowhere.
      if (!isFunction(fn) || callOf(fn, at.called)) return [];
      return returnedBy(fn).map((node) => ({ node, module, called: { fn, by: at, outer: at.called } }));
    });
    return orSelf(
      at,
      returned.flatMap((found) => this.expand(found, depth + 1)),
    );
  }

  /** Returns what a property of an object stands for; empty if the object is unknown or has no such property. */
  properties(at: Located, key: string, depth = 0): Located[] {
    if (depth > MAX_DEPTH) return [];
    const specifier = namespaceOf(at);
    if (specifier !== null) return this.exported(specifier, key, at, depth + 1);
    return this.expand(at, depth + 1).flatMap((found): Located[] => {
      const { node } = found;
      if (node.type === 'TSEnumDeclaration') {
        const value = enumValue(node, key);
        return value ? [{ ...found, node: value }] : [];
      }
      return node.type === 'ObjectExpression' ? this.ownProperties({ ...found, node }, key, depth) : [];
    });
  }

  private ownProperties(at: Located<TSESTree.ObjectExpression>, key: string, depth: number): Located[] {
    const found: Located[] = [];
    // The last one wins, so it comes first in the result.
    for (const property of [...at.node.properties].reverse()) {
      if (property.type === 'SpreadElement')
        found.push(...this.properties({ ...at, node: property.argument }, key, depth + 1));
      else if (nameOf(property.key) === key && !property.computed)
        return [...found, ...this.expand({ ...at, node: property.value }, depth + 1)];
    }
    return found;
  }

  /** Returns the objects that an expression is a property of: the call in `const { code } = call()` and in `bundle.code`. */
  origins(at: Located): Located[] {
    const { node, module } = at;
    if (node.type === 'MemberExpression') return this.expand({ ...at, node: node.object });
    if (node.type !== 'Identifier') return [];
    return bindingsOf(node.name, node, module).flatMap((binding) =>
      binding.kind === 'property' ? this.expand({ ...at, node: binding.of }) : [],
    );
  }

  /** Returns the expression that a property is given, as it stands in the code, or null if the object does not name the property. */
  given(key: string, object: Located): Located | null {
    for (const found of this.expand(object)) {
      if (found.node.type !== 'ObjectExpression') continue;
      for (const property of found.node.properties)
        if (property.type === 'Property' && property.kind === 'init' && nameOf(property.key) === key)
          return { ...found, node: property.value };
    }
    return null;
  }

  /** Returns the import that a property's value comes from, or null if the value is made in place. */
  importOf(key: string, object: Located): { specifier: string; name: string; from: string } | null {
    const given = this.given(key, object);
    if (given?.node.type !== 'Identifier') return null;
    const binding = bindingsOf(given.node.name, given.node, given.module)[0];
    return binding?.kind === 'import' ? { ...binding, from: given.module.path } : null;
  }

  /** Returns what a module of the repository exports under a name. */
  private exported(specifier: string, name: string, from: Located, depth: number): Located[] {
    if (depth > MAX_DEPTH) return [];
    const path = this.modules.resolve(specifier, from.module.path);
    const module = path === null ? null : this.modules.read(path);
    if (module === null) return [];
    return exportsOf(name, module).flatMap((one) =>
      'node' in one
        ? this.expand({ ...from, node: one.node, module }, depth + 1)
        : this.exported(one.specifier, one.name, { ...from, module }, depth + 1),
    );
  }
}

const orSelf = (at: Located, found: Located[]): Located[] => (found.length > 0 ? found : [at]);

/** Returns the innermost call of a function among those that led to a place. */
export function callOf(fn: FunctionNode, called: Called | undefined): Called['by'] | undefined {
  for (let at = called; at; at = at.outer) if (at.fn === fn) return at.by;
  return undefined;
}

/** Returns the module of `import * as name`, or null for another expression. */
function namespaceOf({ node, module }: Located): string | null {
  const binding = node.type === 'Identifier' ? bindingsOf(node.name, node, module)[0] : undefined;
  return binding?.kind === 'import' && binding.name === NAMESPACE ? binding.specifier : null;
}

function enumValue(node: TSESTree.TSEnumDeclaration, key: string): Node | null {
  // Babel 7 has no body between an enum and its members.
  const members = (node.body as TSESTree.TSEnumBody | undefined)?.members ?? node.members;
  return members.find(({ id }) => nameOf(id) === key)?.initializer ?? null;
}

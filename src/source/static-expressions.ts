import { dirname, extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as t from '@babel/types';
import { NAMESPACE, bindingsOf, exportsOf, requiredModule } from './bindings';
import { type Called, type Located, type ModuleReader, type ParsedModule, walk } from './module-reader';

/** A text that an expression can stand for. `package` is a module's name as `require.resolve` takes it. */
export interface StaticText {
  text: string;
  is: 'text' | 'url' | 'package';
}

/** What is known of an expression without running it. */
export interface StaticTexts {
  texts: StaticText[];
  /** What stood in the way of knowing more, in a few words; empty where nothing did. */
  unknown: string[];
}

/** What reading code across modules needs. */
export interface CodeContext {
  read: ModuleReader;
  /** The absolute path of the source of an imported module; null for one of npm's or Node's. */
  resolve(specifier: string, from: string): string | null;
  /** The directory of the package that a file belongs to: where its process is taken to start. */
  packageDirOf(file: string): string;
}

const MAX_DEPTH = 24;
const MAX_TEXTS = 8;

/** Reads expressions the way a person would: names, constants of other modules, ternaries, functions that return one. */
export class StaticReader {
  constructor(private readonly code: CodeContext) {}

  /** The expressions that one stands for: literals, calls and names that lead no further. */
  expand(at: Located, depth = 0): Located[] {
    const { node } = at;
    if (depth > MAX_DEPTH) return [at];
    const into = (next: t.Node): Located[] => this.expand({ ...at, node: next }, depth + 1);
    switch (node.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'ParenthesizedExpression':
        return into(node.expression);
      case 'AwaitExpression':
        return into(node.argument);
      case 'ConditionalExpression':
        return [...into(node.consequent), ...into(node.alternate)];
      case 'LogicalExpression':
        return node.operator === '&&' ? into(node.right) : [...into(node.left), ...into(node.right)];
      case 'Identifier':
        return this.expandName({ ...at, node }, depth);
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.expandMember({ ...at, node }, depth);
      case 'CallExpression':
        return this.expandCall({ ...at, node }, depth);
      default:
        return [at];
    }
  }

  private expandName(at: Located & { node: t.Identifier }, depth: number): Located[] {
    const { node, module } = at;
    const bindings = bindingsOf(node.name, node, module);
    if (bindings.length === 0) return [at];
    return bindings.flatMap((binding): Located[] => {
      switch (binding.kind) {
        case 'value':
          return binding.node === node ||
            (binding.node.type === 'Identifier' && binding.node.name === node.name)
            ? []
            : this.expand({ ...at, node: binding.node }, depth + 1);
        case 'property':
          return this.orSelf(at, this.properties({ ...at, node: binding.of }, binding.key, depth + 1));
        case 'import':
          return this.orSelf(at, this.exported(binding.specifier, binding.name, module, depth + 1));
        case 'parameter': {
          const by = callOf(binding.of, at.called);
          const argument = by?.node.arguments[binding.index];
          if (!by || !argument) return [at];
          const given = { ...by, node: argument };
          return binding.key === null
            ? this.expand(given, depth + 1)
            : this.orSelf(at, this.properties(given, binding.key, depth + 1));
        }
        case 'function':
        case 'enum':
          return [{ ...at, node: binding.node }];
      }
    });
  }

  private expandMember(
    at: Located & { node: t.MemberExpression | t.OptionalMemberExpression },
    depth: number,
  ): Located[] {
    const key = keyOf(at.node);
    if (key === null) return [at];
    return this.orSelf(at, this.properties({ ...at, node: at.node.object }, key, depth + 1));
  }

  private expandCall(at: Located & { node: t.CallExpression }, depth: number): Located[] {
    const { callee, arguments: args } = at.node;
    if (calleeText(at.node) === 'Object.freeze' && args[0])
      return this.expand({ ...at, node: args[0] }, depth + 1);
    if (callee.type !== 'Identifier') return [at];
    const functions = this.expand({ ...at, node: callee }, depth + 1);
    const returned = functions.flatMap(({ node: fn, module }): Located[] =>
      // One that calls itself leads nowhere.
      returnsOf(fn).length === 0 || callOf(fn as t.Function, at.called)
        ? []
        : returnsOf(fn).map((node) => ({
            node,
            module,
            called: { fn: fn as t.Function, by: at, outer: at.called },
          })),
    );
    return this.orSelf(
      at,
      returned.flatMap((found) => this.expand(found, depth + 1)),
    );
  }

  private orSelf = (at: Located, found: Located[]): Located[] => (found.length > 0 ? found : [at]);

  /** What a property of an object stands for; nothing where the object is not known or has no such property. */
  properties(at: Located, key: string, depth = 0): Located[] {
    if (depth > MAX_DEPTH) return [];
    const namespace = this.namespaceOf(at);
    if (namespace) return this.exported(namespace.specifier, key, at.module, depth + 1);
    return this.expand(at, depth + 1).flatMap((found) => {
      const { node } = found;
      if (node.type === 'TSEnumDeclaration') {
        const members = node.body?.members ?? node.members ?? [];
        const member = members.find(({ id }) => (id.type === 'Identifier' ? id.name : id.value) === key);
        return member?.initializer ? [{ ...found, node: member.initializer as t.Node }] : [];
      }
      if (node.type !== 'ObjectExpression') return [];
      return this.ownProperties({ ...found, node }, key, depth);
    });
  }

  private ownProperties(at: Located & { node: t.ObjectExpression }, key: string, depth: number): Located[] {
    const found: Located[] = [];
    // The last one counts, so that it stands first.
    for (const property of [...at.node.properties].reverse()) {
      if (property.type === 'SpreadElement')
        found.push(...this.properties({ ...at, node: property.argument }, key, depth + 1));
      else if (nameOf(property.key) === key && !property.computed) {
        const value = property.type === 'ObjectProperty' ? property.value : property;
        return [...found, ...this.expand({ ...at, node: value }, depth + 1)];
      }
    }
    return found;
  }

  private namespaceOf({ node, module }: Located): { specifier: string } | null {
    const binding = node.type === 'Identifier' ? bindingsOf(node.name, node, module)[0] : undefined;
    return binding?.kind === 'import' && binding.name === NAMESPACE ? binding : null;
  }

  /** What an expression is a property of: the call in `const { code } = call()`, and in `bundle.code`. */
  origins(at: Located): Located[] {
    const { node, module } = at;
    if (node.type === 'MemberExpression') return this.expand({ ...at, node: node.object });
    if (node.type !== 'Identifier') return [];
    return bindingsOf(node.name, node, module).flatMap((binding) =>
      binding.kind === 'property' ? this.expand({ ...at, node: binding.of }) : [],
    );
  }

  /** Where a property's value is imported from, under which name; null where it is made in place. */
  importOf(key: string, object: Located): { specifier: string; name: string; from: string } | null {
    for (const { node, module } of this.expand(object)) {
      if (node.type !== 'ObjectExpression') continue;
      for (const property of node.properties) {
        if (property.type !== 'ObjectProperty' || nameOf(property.key) !== key) continue;
        if (property.value.type !== 'Identifier') return null;
        const binding = bindingsOf(property.value.name, property.value, module)[0];
        return binding?.kind === 'import' ? { ...binding, from: module.path } : null;
      }
    }
    return null;
  }

  /** What a module of the repository exports under a name. */
  private exported(specifier: string, name: string, from: ParsedModule, depth: number): Located[] {
    if (depth > MAX_DEPTH) return [];
    const path = this.code.resolve(specifier, from.path);
    const module = path === null ? null : this.code.read(path);
    if (module === null) return [];
    return exportsOf(name, module).flatMap(({ node, passedOn }) =>
      passedOn
        ? this.exported(passedOn.specifier, passedOn.name, module, depth + 1)
        : this.expand({ node: node!, module }, depth + 1),
    );
  }

  /** The texts that an expression can stand for, the likeliest first. */
  texts(at: Located, depth = 0): StaticTexts {
    const result: StaticTexts = { texts: [], unknown: [] };
    for (const expression of this.expand(at)) {
      const { texts, unknown } = this.textsOfExpression(expression, depth);
      result.texts.push(...texts);
      result.unknown.push(...unknown);
    }
    return {
      texts: result.texts
        .filter(({ text }, i, all) => all.findIndex((other) => other.text === text) === i)
        .slice(0, MAX_TEXTS),
      unknown: [...new Set(result.unknown)],
    };
  }

  private textsOfExpression(at: Located, depth: number): StaticTexts {
    const { node, module } = at;
    const part = (inner: t.Node): StaticTexts => this.texts({ ...at, node: inner }, depth + 1);
    if (depth > MAX_DEPTH) return unknown('an expression that leads back to itself');
    switch (node.type) {
      case 'StringLiteral':
        return text(node.value);
      case 'TemplateLiteral':
        return this.concatenated(templateParts(node).map((p) => (typeof p === 'string' ? text(p) : part(p))));
      case 'BinaryExpression':
        if (node.operator === '+') return this.concatenated([part(node.left), part(node.right)]);
        break;
      case 'Identifier':
        if (node.name === '__dirname') return text(dirname(module.path));
        if (node.name === '__filename') return text(module.path);
        return unknown(this.whyUnknown(node, module));
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.textsOfMember(node, module, part);
      case 'NewExpression':
        if (node.callee.type === 'Identifier' && node.callee.name === 'URL')
          return combined(node.arguments.map(part), (parts) => urlOf(parts));
        break;
      case 'CallExpression':
        return this.textsOfCall(node, module, part);
    }
    return unknown(`a ${described(node)}`);
  }

  private concatenated = (parts: StaticTexts[]): StaticTexts =>
    combined(parts, (texts) => ({ text: texts.map(({ text: t }) => t).join(''), is: 'text' }));

  private whyUnknown(node: t.Identifier, module: ParsedModule): string {
    const binding = bindingsOf(node.name, node, module)[0];
    if (node.name === 'undefined') return 'undefined';
    if (binding?.kind === 'parameter') return `the parameter ${node.name}`;
    if (binding?.kind === 'import') return `${node.name} of ${binding.specifier}`;
    return `the value of ${node.name}`;
  }

  private textsOfMember(
    node: t.MemberExpression | t.OptionalMemberExpression,
    module: ParsedModule,
    part: (inner: t.Node) => StaticTexts,
  ): StaticTexts {
    const key = keyOf(node) ?? '';
    if (node.object.type === 'MetaProperty') {
      if (key === 'url')
        return { texts: [{ text: pathToFileURL(module.path).href, is: 'url' }], unknown: [] };
      if (key === 'dirname') return text(dirname(module.path));
      if (key === 'filename') return text(module.path);
    }
    const source = memberText(node);
    if (source.startsWith('process.env.')) return unknown(`the environment variable ${key}`);
    if (key === 'pathname' || key === 'href')
      return combined([part(node.object)], ([url]) =>
        url!.is === 'url' && key === 'pathname' ? { text: fileURLToPath(url!.text), is: 'text' } : url!,
      );
    return unknown(`the value of ${source || key}`);
  }

  private textsOfCall(
    node: t.CallExpression,
    module: ParsedModule,
    part: (inner: t.Node) => StaticTexts,
  ): StaticTexts {
    const name = this.calledFunction(node, module);
    const args = node.arguments.map((argument) => part(argument));
    const dir = dirname(module.path);
    const first = (make: (value: StaticText) => StaticText | null): StaticTexts =>
      combined(args.slice(0, 1), ([value]) => (value ? make(value) : null));
    const joined = (make: (parts: string[]) => string): StaticTexts =>
      combined(args, (parts) => ({ text: make(parts.map(pathOf)), is: 'text' }));
    switch (name) {
      case 'require.resolve':
        return first((value) => resolvedModule(value, dir));
      case 'import.meta.resolve':
        return first((value) => {
          const module = resolvedModule(value, dir);
          return module.is === 'package' ? module : { text: pathToFileURL(module.text).href, is: 'url' };
        });
      case 'fileURLToPath':
        return first(({ text: url }) =>
          url.startsWith('file:') ? { text: fileURLToPath(url), is: 'text' } : null,
        );
      case 'pathToFileURL':
        return first((value) => ({ text: pathToFileURL(pathOf(value)).href, is: 'url' }));
      case 'join':
        return joined((parts) => join(...parts));
      case 'resolve':
        return joined((parts) => resolve(this.code.packageDirOf(module.path), ...parts));
      case 'normalize':
        return first((value) => ({ text: normalize(pathOf(value)), is: 'text' }));
      case 'dirname':
        return first((value) => ({ text: dirname(pathOf(value)), is: 'text' }));
      case 'extname':
        return first((value) => ({ text: extname(pathOf(value)), is: 'text' }));
      case 'toString':
        return node.callee.type === 'MemberExpression' ? part(node.callee.object) : unknown('a call');
      case 'process.cwd':
        return text(this.code.packageDirOf(module.path));
      default:
        return unknown(`the call of ${calleeText(node) || 'a function'}`);
    }
  }

  /** The functions of Node that lead to a path, whatever name they were imported under; else ''. */
  private calledFunction(node: t.CallExpression, module: ParsedModule): string {
    const { callee } = node;
    const whole = calleeText(node);
    if (whole === 'process.cwd') return whole;
    if (callee.type === 'Identifier') {
      const binding = bindingsOf(callee.name, callee, module)[0];
      return binding?.kind === 'import' && isNodePathModule(binding.specifier) ? binding.name : '';
    }
    const key = callee.type === 'MemberExpression' ? keyOf(callee) : null;
    if (callee.type !== 'MemberExpression' || key === null) return '';
    if (key === 'toString') return key;
    if (callee.object.type === 'MetaProperty') return `import.meta.${key}`;
    if (key === 'resolve' && this.isRequire(callee.object, module)) return 'require.resolve';
    if (callee.object.type !== 'Identifier') return '';
    const binding = bindingsOf(callee.object.name, callee.object, module)[0];
    return binding?.kind === 'import' && isNodePathModule(binding.specifier) ? key : '';
  }

  private isRequire(node: t.Node, module: ParsedModule): boolean {
    if (node.type === 'CallExpression') return /(^|\.)createRequire$/.test(calleeText(node));
    if (node.type !== 'Identifier') return false;
    const bindings = bindingsOf(node.name, node, module);
    if (bindings.length === 0) return node.name === 'require';
    return bindings.some((binding) => binding.kind === 'value' && this.isRequire(binding.node, module));
  }
}

/** The innermost call of a function among those that led to a place. */
function callOf(fn: t.Function, called: Called | undefined): Called['by'] | undefined {
  for (let at = called; at; at = at.outer) if (at.fn === fn) return at.by;
  return undefined;
}

const text = (value: string): StaticTexts => ({ texts: [{ text: value, is: 'text' }], unknown: [] });
const unknown = (why: string): StaticTexts => ({ texts: [], unknown: [why] });

/** Every combination of what the parts can stand for. */
function combined(
  parts: readonly StaticTexts[],
  make: (texts: StaticText[]) => StaticText | null,
): StaticTexts {
  let rows: StaticText[][] = [[]];
  for (const { texts } of parts)
    rows = rows.flatMap((row) => texts.map((t) => [...row, t])).slice(0, MAX_TEXTS);
  return {
    texts: rows.flatMap((row) => make(row) ?? []),
    unknown: parts.flatMap((part) => part.unknown),
  };
}

function urlOf([path, base]: StaticText[]): StaticText | null {
  try {
    return path ? { text: new URL(path.text, base?.text).href, is: 'url' } : null;
  } catch {
    return null;
  }
}

const pathOf = ({ text: value, is }: StaticText): string =>
  is === 'url' && value.startsWith('file:') ? fileURLToPath(value) : value;

function resolvedModule(value: StaticText, dir: string): StaticText {
  const specifier = pathOf(value);
  const isPath = /^\.{0,2}[/\\]|^\.{1,2}$|^[A-Za-z]:/.test(specifier);
  return isPath ? { text: resolve(dir, specifier), is: 'text' } : { text: specifier, is: 'package' };
}

const isNodePathModule = (specifier: string): boolean => /^(node:)?(path|url)(\/posix)?$/.test(specifier);

function templateParts(node: t.TemplateLiteral): (string | t.Node)[] {
  return node.quasis.flatMap((quasi, i) => {
    const expression = node.expressions[i];
    return [quasi.value.cooked ?? quasi.value.raw, ...(expression ? [expression] : [])];
  });
}

/** The expressions that a function returns; of an inner function, none. */
function returnsOf(node: t.Node): t.Node[] {
  if (
    node.type !== 'FunctionDeclaration' &&
    node.type !== 'FunctionExpression' &&
    node.type !== 'ArrowFunctionExpression'
  )
    return [];
  if (node.body.type !== 'BlockStatement') return [node.body];
  const found: t.Node[] = [];
  walk(node.body, (inner, around) => {
    if (inner.type !== 'ReturnStatement' || !inner.argument) return;
    if (!around.some((outer) => outer.type.includes('Function') || outer.type.includes('Method')))
      found.push(inner.argument);
  });
  return found;
}

const nameOf = (node: t.Node): string | null =>
  node.type === 'Identifier' ? node.name : node.type === 'StringLiteral' ? node.value : null;

function keyOf(node: t.MemberExpression | t.OptionalMemberExpression): string | null {
  if (!node.computed) return nameOf(node.property);
  return node.property.type === 'StringLiteral' ? node.property.value : null;
}

/** `a.b.c` as it is written; '' for anything more involved. */
export function memberText(node: t.Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression') {
    const object = memberText(node.object);
    const key = keyOf(node);
    return object && key ? `${object}.${key}` : '';
  }
  return '';
}

export const calleeText = (node: t.CallExpression): string => memberText(node.callee);

const described = (node: t.Node): string =>
  node.type
    .replace(/^TS/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();

/** Whether an expression is what a module of npm exports under a name: `Worker` of `@temporalio/worker`, however imported. */
export function isExportOf(node: t.Node, specifier: string, name: string, module: ParsedModule): boolean {
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

function isNamespaceOf(node: t.Node, specifier: string, module: ParsedModule): boolean {
  if (requiredModule(node) === specifier) return true;
  if (node.type !== 'Identifier') return false;
  return bindingsOf(node.name, node, module).some(
    (binding) =>
      binding.kind === 'import' &&
      binding.specifier === specifier &&
      (binding.name === NAMESPACE || binding.name === 'default'),
  );
}

import { dirname, extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TSESTree } from '@typescript-eslint/types';
import { bindingsOf } from './bindings';
import { calleeText, keyOf, memberText } from './expressions';
import type { ParsedModule } from './module-reader';
import type { Node } from './parse';
import { pathFunctionOf } from './path-functions';
import { type Located, MAX_DEPTH, type StaticExpressions, startOf } from './static-expressions';

/** A text that an expression can stand for. `package` is the name of a module, as `require.resolve` takes it. */
export interface StaticText {
  text: string;
  is: 'text' | 'url' | 'package';
}

/** The texts that an expression can stand for, as far as they are known without running code. */
export interface KnownTexts {
  texts: StaticText[];
  /** Descriptions of the parts that only a run can tell, such as `the environment variable QUEUE`. */
  unknown: string[];
}

const MAX_TEXTS = 8;

/** Reads the texts that expressions stand for: literals, templates, concatenations, and Node's functions for paths. */
export class StaticTexts {
  /**
   * @param packageDirOf returns the directory of a file's package. A process is assumed to start in that of the module which calls
   * all others.
   */
  constructor(
    private readonly expressions: StaticExpressions,
    private readonly packageDirOf: (file: string) => string,
  ) {}

  /** Returns the texts that an expression can stand for, the likeliest first. */
  of(at: Located, depth = 0): KnownTexts {
    const result: KnownTexts = { texts: [], unknown: [] };
    for (const expression of this.expressions.expand(at)) {
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

  private textsOfExpression(at: Located, depth: number): KnownTexts {
    const { node, module } = at;
    const part = (inner: Node): KnownTexts => this.of({ ...at, node: inner }, depth + 1);
    if (depth > MAX_DEPTH) return unknown('an expression that leads back to itself');
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'string') return text(node.value);
        break;
      case 'TemplateLiteral':
        return concatenated(templateParts(node).map((p) => (typeof p === 'string' ? text(p) : part(p))));
      case 'BinaryExpression':
        if (node.operator === '+') return concatenated([part(node.left), part(node.right)]);
        break;
      case 'Identifier':
        if (node.name === '__dirname') return text(dirname(module.path));
        if (node.name === '__filename') return text(module.path);
        return unknown(whyUnknown(node, module));
      case 'MemberExpression':
        return this.textsOfMember(node, module, part);
      case 'NewExpression':
        if (node.callee.type === 'Identifier' && node.callee.name === 'URL')
          return combined(node.arguments.map(part), (parts) => urlOf(parts));
        break;
      case 'CallExpression':
        return this.textsOfCall({ ...at, node }, part);
    }
    return unknown(`a ${described(node)}`);
  }

  private textsOfMember(
    node: TSESTree.MemberExpression,
    module: ParsedModule,
    part: (inner: Node) => KnownTexts,
  ): KnownTexts {
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

  private textsOfCall(at: Located<TSESTree.CallExpression>, part: (inner: Node) => KnownTexts): KnownTexts {
    const { node, module } = at;
    const workingDirectory = (): string => this.packageDirOf(startOf(at).path);
    const name = pathFunctionOf(node, module);
    const args = node.arguments.map((argument) => part(argument));
    const dir = dirname(module.path);
    const first = (make: (value: StaticText) => StaticText | null): KnownTexts =>
      combined(args.slice(0, 1), ([value]) => (value ? make(value) : null));
    const joined = (make: (parts: string[]) => string): KnownTexts =>
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
        return joined((parts) => resolve(workingDirectory(), ...parts));
      case 'normalize':
        return first((value) => ({ text: normalize(pathOf(value)), is: 'text' }));
      case 'dirname':
        return first((value) => ({ text: dirname(pathOf(value)), is: 'text' }));
      case 'extname':
        return first((value) => ({ text: extname(pathOf(value)), is: 'text' }));
      case 'toString':
        return node.callee.type === 'MemberExpression' ? part(node.callee.object) : unknown('a call');
      case 'process.cwd':
        return text(workingDirectory());
      default:
        return unknown(`the call of ${calleeText(node) || 'a function'}`);
    }
  }
}

const text = (value: string): KnownTexts => ({ texts: [{ text: value, is: 'text' }], unknown: [] });
const unknown = (why: string): KnownTexts => ({ texts: [], unknown: [why] });

/** Returns one text for each combination of the texts of the parts. */
function combined(
  parts: readonly KnownTexts[],
  make: (texts: StaticText[]) => StaticText | null,
): KnownTexts {
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

function templateParts(node: TSESTree.TemplateLiteral): (string | Node)[] {
  return node.quasis.flatMap((quasi, i) => {
    const expression = node.expressions[i];
    return [quasi.value.cooked ?? quasi.value.raw, ...(expression ? [expression] : [])];
  });
}

const concatenated = (parts: readonly KnownTexts[]): KnownTexts =>
  combined(parts, (texts) => ({ text: texts.map(({ text: one }) => one).join(''), is: 'text' }));

function whyUnknown(node: TSESTree.Identifier, module: ParsedModule): string {
  if (node.name === 'undefined') return 'undefined';
  const binding = bindingsOf(node.name, node, module)[0];
  if (binding?.kind === 'parameter') return `the parameter ${node.name}`;
  if (binding?.kind === 'import') return `${node.name} of ${binding.specifier}`;
  return `the value of ${node.name}`;
}

/** Returns the kind of an expression in words, such as `numeric literal` or `new expression`. */
function described(node: Node): string {
  if (node.type === 'Literal') {
    const kind = node.value === null ? 'null' : typeof node.value;
    return `${kind === 'number' ? 'numeric' : kind} literal`;
  }
  return node.type
    .replace(/^TS/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

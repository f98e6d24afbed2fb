import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNullLiteral, nameOf } from '../source/expressions';
import { type ModuleReader, lineOf } from '../source/module-reader';
import type { Node } from '../source/parse';
import { type Called, type Located, type StaticExpressions, startOf } from '../source/static-expressions';
import type { KnownTexts, StaticText, StaticTexts } from '../source/static-texts';
import { type Repository, fromRoot, isBelow, packageOf } from './repository';
import { sourceAt, sourceOfImport } from './source-of-module';
import type { Place, Todo } from './worker-code';

/** The means to read expressions of a repository's code. */
export interface CodeReading {
  repository: Repository;
  read: ModuleReader;
  expressions: StaticExpressions;
  texts: StaticTexts;
}

/** The values of the options that one call is given, and what could not be read of them. */
export class OptionValues {
  readonly place: Place;
  /** Absolute path of the package in whose directory the worker's process is assumed to start. */
  readonly packageDir: string;
  readonly todos: Todo[] = [];
  readonly repository: Repository;
  readonly read: ModuleReader;
  readonly expressions: StaticExpressions;
  private readonly texts: StaticTexts;

  constructor(
    readonly options: Located,
    private readonly call: Node,
    private readonly reading: CodeReading,
  ) {
    const { repository, read, expressions, texts } = reading;
    this.repository = repository;
    this.read = read;
    const start = startOf(options);
    // Where other modules create the worker, the call that leads there tells it from the other workers.
    const caller = start === options.module ? call : firstCall(options.called)!;
    this.place = { file: fromRoot(start.path, repository), line: lineOf(caller) };
    this.packageDir = packageDirOf(start.path, repository);
    this.expressions = expressions;
    this.texts = texts;
  }

  /** Returns the values of other options of the same call, such as those that a part of its options has. */
  withOptions(options: Located): OptionValues {
    return new OptionValues(options, this.call, this.reading);
  }

  /** Notes that a value has to be filled in. `at` is where it stands; by default, the call. */
  addTodo(option: string, what: string, at?: Located): void {
    const place = at
      ? { file: fromRoot(at.module.path, this.repository), line: lineOf(at.node) }
      : this.place;
    this.todos.push({ place, option, what });
  }

  /** Returns the expressions that an option stands for; empty if it is not set. */
  of(key: string, options: Located = this.options): Located[] {
    return this.expressions.properties(options, key);
  }

  /**
   * Returns the names of the options that are set, each with its place. The name is null for a spread of options that can't be read.
   */
  keys(at: Located = this.options): { key: string | null; at: Located }[] {
    return this.expressions.expand(at).flatMap((found) => {
      if (found.node.type !== 'ObjectExpression')
        return at === this.options || isNothing(found.node) ? [] : [{ key: null, at }];
      return found.node.properties.flatMap((property) =>
        property.type === 'SpreadElement'
          ? this.keys({ ...found, node: property.argument })
          : [{ key: nameOf(property.key), at: { ...found, node: property } }],
      );
    });
  }

  /** Returns the module that exports an option under its own name or by default, or null if there is none. */
  exportingModule(key: string): string | null {
    const origin = this.expressions.importOf(key, this.options);
    if (origin === null || (origin.name !== key && origin.name !== 'default')) return null;
    const path = sourceOfImport(origin.specifier, origin.from, this.repository);
    return path === null ? origin.specifier : fromRoot(path, this.repository);
  }

  /** Returns the texts that an expression can stand for. */
  textsOf(value: Located): KnownTexts {
    return this.texts.of(value);
  }

  /** Returns the first text that an option can stand for. */
  firstText(key: string): string | null {
    return this.of(key).flatMap((value) => this.textsOf(value).texts)[0]?.text ?? null;
  }

  /** Returns the file that the first readable value names, as an absolute path, whether the file is there or not. */
  firstFile(values: readonly Located[]): string | null {
    for (const value of values) {
      const [found] = this.textsOf(value).texts;
      if (!found) continue;
      return resolve(this.packageDirOf(value), found.is === 'url' ? fileURLToPath(found.text) : found.text);
    }
    return null;
  }

  /** Returns the first source file, relative to the root, that one of the values leads to. */
  firstSource(values: readonly Located[]): string | null {
    for (const value of values) {
      for (const found of this.textsOf(value).texts) {
        const path = this.sourceOf(found, value);
        if (path !== null) return fromRoot(path, this.repository);
      }
    }
    return null;
  }

  /** Returns the modules in a list; adds a todo for each one that cannot be read. */
  modules(key: string, options: Located, option = 'workflowInterceptors'): string[] {
    const found: string[] = [];
    for (const list of this.of(key, options)) {
      if (list.node.type !== 'ArrayExpression') {
        this.addTodo(option, `${key} can't be read here. List the modules.`, list);
        continue;
      }
      for (const element of list.node.elements) {
        if (!element) continue;
        const at = { ...list, node: element };
        const module = element.type === 'SpreadElement' ? null : this.moduleOf(at);
        if (module !== null) found.push(module);
        else this.addTodo(option, `one of ${key} can't be read here. Add the module.`, at);
      }
    }
    return [...new Set(found)];
  }

  /** Returns the module that an option names; adds a todo if it cannot be read. */
  module(key: string, options: Located, option = key.replace(/Path$/, '')): string | null {
    const values = this.of(key, options).filter(({ node }) => !isNullLiteral(node));
    for (const value of values) {
      const module = this.moduleOf(value);
      if (module !== null) return module;
    }
    if (values[0]) this.addTodo(option, `${key} can't be read here. Give the module's path.`, values[0]);
    return null;
  }

  /** Returns the source of a module, or the name of a package as it is. */
  private moduleOf(at: Located): string | null {
    for (const found of this.textsOf(at).texts) {
      const path = this.sourceOf(found, at);
      if (path !== null) return fromRoot(path, this.repository);
      if (found.is === 'package') return found.text;
    }
    return null;
  }

  private sourceOf({ text, is }: StaticText, at: Located): string | null {
    const from = at.module.path;
    if (is === 'package') return sourceOfImport(text, from, this.repository);
    if (is === 'url' && text.startsWith('file:')) return sourceAt(fileURLToPath(text), this.repository);
    // A worker resolves a relative path from where its process starts, but people also write it relative to the file.
    for (const base of [this.packageDirOf(at), this.repository.root, dirname(from)]) {
      const path = sourceAt(resolve(base, text), this.repository);
      if (path !== null && isBelow(path, this.repository.gitRoot)) return path;
    }
    return null;
  }

  private packageDirOf(at: Located): string {
    return packageDirOf(startOf(at).path, this.repository);
  }
}

/** Returns true for values that a spread passes over, as in `...(isLocal ? {} : undefined)`. */
const isNothing = (node: Node): boolean =>
  node.type === 'Literal' || (node.type === 'Identifier' && node.name === 'undefined');

export const packageDirOf = (file: string, repository: Repository): string =>
  packageOf(file, repository)?.dir ?? repository.root;

function firstCall(called: Called | undefined): Node | null {
  let first = null;
  for (let at = called; at; at = at.outer) first = at.by.node;
  return first;
}

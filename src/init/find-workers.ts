import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as t from '@babel/types';
import { isFunction } from '../source/bindings';
import {
  type Called,
  type Located,
  type ModuleReader,
  type ParsedModule,
  lineOf,
  walk,
} from '../source/module-reader';
import {
  type Repository,
  fromRoot,
  isBelow,
  packageOf,
  readText,
  sourceAt,
  sourceOfImport,
} from './repository';
import { StaticReader, type StaticText, calleeText, isExportOf } from '../source/static-expressions';

/** A place in the repository's code. `file` is relative to the root, with slashes. */
export interface Place {
  file: string;
  line: number;
}

/** What could not be read from code, and what somebody has to fill in for it. */
export interface Todo {
  place: Place;
  /** The option of `replay.config` that it concerns. */
  option: string;
  /** One sentence, or two: what stands there, and what to do. */
  what: string;
}

/**
 * What is known of the workflow code of a worker. Modules are paths relative to the root with slashes, or names of packages;
 * null and empty where nothing is said.
 */
export interface CodeOptions {
  namespace: string | null;
  workflowsPath: string | null;
  /** Path of a prebuilt bundle. */
  bundle: string | null;
  workflowInterceptors: readonly string[];
  payloadConverter: string | null;
  failureConverter: string | null;
  dataConverter: string | null;
  ignoreModules: readonly string[];
  preloadModules: readonly string[];
  todos: readonly Todo[];
}

/** What one call in the code says of the workflow code of a worker. */
export interface FoundCode extends CodeOptions {
  /** `worker`: Worker.create; `bundle`: bundleWorkflowCode; `options`: an object with workflowsPath that is handed to something else. */
  call: 'worker' | 'bundle' | 'options';
  place: Place;
  /** The directory of the package that the call stands in, relative to the root. */
  packageDir: string;
  taskQueue: string | null;
}

export interface FoundWorkers {
  code: readonly FoundCode[];
  /** Workers without workflows: nothing to replay. */
  activitiesOnly: readonly Place[];
}

const WORKER_PACKAGE = '@temporalio/worker';

/** Reads the calls of `Worker.create` and `bundleWorkflowCode` in the repository's sources. */
export function findWorkers(repository: Repository, read: ModuleReader): FoundWorkers {
  const code: FoundCode[] = [];
  const activitiesOnly: Place[] = [];
  const reader = new StaticReader({
    read,
    resolve: (specifier, from) => sourceOfImport(specifier, from, repository),
    packageDirOf: (file) => packageOf(file, repository)?.dir ?? repository.root,
  });
  const seen = new Set<t.Node>();
  const calls = repository.sources.flatMap((path) => callsIn(path, read));
  for (const { module, node, call, around } of calls) {
    const argument = node.arguments[0];
    if (!argument) continue;
    for (const called of callersOf(around, module)) {
      const given = { node: argument, module, called };
      const options = new OptionsReader(given, call, node, repository, reader, seen);
      if (call === 'worker' && options.hasNoWorkflows()) activitiesOnly.push(options.place);
      else code.push(options.read());
    }
  }
  code.push(...optionsElsewhere(repository, read, reader, seen));
  return { code: withoutWrappers(code), activitiesOnly };
}

interface FoundCall {
  module: ParsedModule;
  node: t.CallExpression;
  call: 'worker' | 'bundle';
  around: readonly t.Node[];
}

function callsIn(path: string, read: ModuleReader): FoundCall[] {
  const module = mentions(path, WORKER_PACKAGE) ? read(path) : null;
  if (module === null || importsFrom(module, '@temporalio/testing')) return [];
  const found: FoundCall[] = [];
  walk(module.program, (node, around) => {
    if (node.type !== 'CallExpression') return;
    const call = calledApi(node, module);
    if (call !== null) found.push({ module, node, call, around });
  });
  return found;
}

const mentions = (path: string, word: string): boolean => readText(path)?.includes(word) ?? false;

/** A file that runs a test's server makes no worker of production. */
const importsFrom = (module: ParsedModule, specifier: string): boolean =>
  module.program.body.some(
    (statement) => statement.type === 'ImportDeclaration' && statement.source.value === specifier,
  );

function calledApi(node: t.CallExpression, module: ParsedModule): 'worker' | 'bundle' | null {
  const { callee } = node;
  if (isExportOf(callee, WORKER_PACKAGE, 'bundleWorkflowCode', module)) return 'bundle';
  const isCreate =
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'create' &&
    isExportOf(callee.object, WORKER_PACKAGE, 'Worker', module);
  return isCreate ? 'worker' : null;
}

/** A function that makes a worker of its parameters makes one for each of its calls in the same module. */
function callersOf(around: readonly t.Node[], module: ParsedModule): (Called | undefined)[] {
  const fn = around.findLast((node): node is t.Function => isFunction(node) && node.params.length > 0);
  const name = fn && functionName(fn, around);
  const callers: Called[] = [];
  if (fn && name) {
    walk(module.program, (node) => {
      if (node.type === 'CallExpression' && calleeText(node) === name)
        callers.push({ fn, by: { node, module }, outer: undefined });
    });
  }
  return callers.length > 0 ? callers : [undefined];
}

function functionName(fn: t.Function, around: readonly t.Node[]): string | null {
  if (fn.type === 'FunctionDeclaration') return fn.id?.name ?? null;
  const declarator = around[around.indexOf(fn) - 1];
  return declarator?.type === 'VariableDeclarator' && declarator.id.type === 'Identifier'
    ? declarator.id.name
    : null;
}

/** Options that go to a function or a framework which makes the worker out of sight: objects with a `workflowsPath`. */
function optionsElsewhere(
  repository: Repository,
  read: ModuleReader,
  reader: StaticReader,
  seen: Set<t.Node>,
): FoundCode[] {
  const found: FoundCode[] = [];
  for (const path of repository.sources) {
    const module = mentions(path, 'workflowsPath') ? read(path) : null;
    if (module === null || importsFrom(module, '@temporalio/testing')) continue;
    walk(module.program, (node, around) => {
      if (node.type !== 'ObjectExpression' || seen.has(node)) return;
      const names = node.properties.map((p) => ('key' in p && p.key.type === 'Identifier' ? p.key.name : ''));
      if (!names.includes('workflowsPath') || isReplay(around) || isOwnConfig(path)) return;
      const options = new OptionsReader({ node, module }, 'options', node, repository, reader, seen).read();
      if (options.workflowsPath !== null) found.push(options);
    });
  }
  return found;
}

const isReplay = (around: readonly t.Node[]): boolean =>
  around.some((node) => node.type === 'CallExpression' && /replay/i.test(calleeText(node)));
const isOwnConfig = (path: string): boolean => /(^|[\\/])replay\.config\.[cm]?[jt]s$/.test(path);

/** Drops a worker that is made of a parameter, where what is given for it was found elsewhere. */
function withoutWrappers(code: readonly FoundCode[]): FoundCode[] {
  const elsewhere = code.some(({ call }) => call === 'options');
  return code.filter(({ call, workflowsPath, bundle }) => {
    const unknown = workflowsPath === null && bundle === null;
    return !(elsewhere && call === 'worker' && unknown);
  });
}

/** Reads the options of one call. */
class OptionsReader {
  readonly place: Place;
  private readonly todos: Todo[] = [];

  constructor(
    private readonly options: Located,
    private readonly call: FoundCode['call'],
    at: t.Node,
    private readonly repository: Repository,
    private readonly reader: StaticReader,
    private readonly seen: Set<t.Node>,
  ) {
    this.place = { file: fromRoot(options.module.path, repository), line: lineOf(at) };
    this.markSeen(options);
  }

  /** The objects that the options are made of are not met again as options of something else. */
  private markSeen(options: Located): void {
    for (const found of this.reader.expand(options)) {
      if (found.node.type !== 'ObjectExpression' || this.seen.has(found.node)) continue;
      this.seen.add(found.node);
      for (const property of found.node.properties)
        if (property.type === 'SpreadElement') this.markSeen({ ...found, node: property.argument });
    }
  }

  private objects(): Located[] {
    return this.reader.expand(this.options).filter(({ node }) => node.type === 'ObjectExpression');
  }

  /** All of the options can be read, and none names workflows. */
  hasNoWorkflows(): boolean {
    const objects = this.objects();
    const isOpen = (object: Located): boolean =>
      object.node.type === 'ObjectExpression' &&
      object.node.properties.some(
        (property) =>
          property.type === 'SpreadElement' &&
          !this.reader
            .expand({ ...object, node: property.argument })
            .every((found) => found.node.type === 'ObjectExpression'),
      );
    return (
      objects.length > 0 &&
      !objects.some(isOpen) &&
      this.values('workflowsPath').length === 0 &&
      this.values('workflowBundle').length === 0
    );
  }

  read(): FoundCode {
    const own = this.workflowCode();
    const { module } = this.options;
    const packageDir = packageOf(module.path, this.repository)?.dir ?? this.repository.root;
    const isBundle = this.call === 'bundle';
    const converters = this.dataConverter();
    if (this.values('plugins').length > 0)
      this.todo(
        'workflowInterceptors',
        'the worker has plugins. Give what they change in the bundle here: interceptors, converters, ignored modules.',
        this.values('plugins')[0],
      );
    return {
      call: this.call,
      place: this.place,
      packageDir: fromRoot(packageDir, this.repository),
      taskQueue: this.plain('taskQueue'),
      namespace: this.namespace(),
      ...own,
      workflowInterceptors: isBundle
        ? this.modules('workflowInterceptorModules', this.options)
        : this.interceptors(),
      payloadConverter: isBundle ? this.module('payloadConverterPath', this.options) : converters.payload,
      failureConverter: isBundle ? this.module('failureConverterPath', this.options) : converters.failure,
      dataConverter: converters.module,
      ...this.bundlerOptions(isBundle),
      todos: this.todos,
    };
  }

  private values = (key: string, of: Located = this.options): Located[] => this.reader.properties(of, key);

  private todo(option: string, what: string, at?: Located): void {
    const place = at
      ? { file: fromRoot(at.module.path, this.repository), line: lineOf(at.node) }
      : this.place;
    this.todos.push({ place, option, what });
  }

  private workflowCode(): Pick<FoundCode, 'workflowsPath' | 'bundle'> {
    const paths = this.values('workflowsPath');
    const bundles = this.values('workflowBundle');
    const workflowsPath = this.firstSource(paths) ?? this.bundledSource(bundles);
    if (workflowsPath !== null) return { workflowsPath, bundle: null };
    const bundle = this.firstText(bundles.flatMap((value) => this.values('codePath', value)));
    if (bundle !== null) return { workflowsPath: null, bundle: fromRoot(bundle, this.repository) };
    this.todo('workflowsPath', this.whyNoWorkflows(paths, bundles), paths[0] ?? bundles[0]);
    return { workflowsPath: null, bundle: null };
  }

  /** The first of the candidates for which there is a source file. */
  private firstSource(values: readonly Located[]): string | null {
    for (const value of values) {
      for (const found of this.reader.texts(value).texts) {
        const path = this.sourceOf(found, value.module.path);
        if (path !== null) return fromRoot(path, this.repository);
      }
    }
    return null;
  }

  private sourceOf({ text, is }: StaticText, from: string): string | null {
    if (is === 'package') return sourceOfImport(text, from, this.repository);
    if (is === 'url' && text.startsWith('file:')) return sourceAt(fileURLToPath(text), this.repository);
    const own = packageOf(from, this.repository)?.dir ?? this.repository.root;
    // A worker takes a relative path from where its process starts; people mean either.
    for (const base of [own, this.repository.root, dirname(from)]) {
      const path = sourceAt(resolve(base, text), this.repository);
      if (path !== null && isBelow(path, this.repository.gitRoot)) return path;
    }
    return null;
  }

  /** `workflowBundle: await bundleWorkflowCode({ workflowsPath })`, in place or by a name. */
  private bundledSource(bundles: readonly Located[]): string | null {
    const calls = bundles.flatMap((value) => [
      value,
      ...this.values('code', value).flatMap((code) => [code, ...this.reader.origins(code)]),
    ]);
    for (const call of calls) {
      const { node, module } = call;
      const [argument] = node.type === 'CallExpression' ? node.arguments : [];
      if (node.type !== 'CallExpression' || !argument || calledApi(node, module) !== 'bundle') continue;
      const path = this.firstSource(this.values('workflowsPath', { ...call, node: argument }));
      if (path !== null) return path;
    }
    return null;
  }

  private whyNoWorkflows(paths: readonly Located[], bundles: readonly Located[]): string {
    const fill = 'Fill in the path of the file that exports the workflows.';
    const texts = [...paths, ...bundles].map((value) => this.reader.texts(value));
    const missing = texts.flatMap((found) => found.texts.map(({ text }) => text));
    if (missing.length > 0) return `there is no source file for ${this.shown(missing[0]!)}. ${fill}`;
    const unknown = texts.flatMap((found) => found.unknown)[0];
    if (unknown !== undefined) return `the path depends on ${unknown}. ${fill}`;
    return `the options of the worker can't be read here. ${fill}`;
  }

  private shown = (path: string): string =>
    isBelow(path, this.repository.root) ? fromRoot(path, this.repository) : path;

  private firstText(values: readonly Located[]): string | null {
    for (const value of values) {
      const [found] = this.reader.texts(value).texts;
      if (!found) continue;
      const own = packageOf(value.module.path, this.repository)?.dir ?? this.repository.root;
      return resolve(own, found.is === 'url' ? fileURLToPath(found.text) : found.text);
    }
    return null;
  }

  private plain(key: string): string | null {
    for (const value of this.values(key)) {
      const [found] = this.reader.texts(value).texts;
      if (found) return found.text;
    }
    return null;
  }

  /** Only where it is written down: what an environment variable falls back to is not where the histories are from. */
  private namespace(): string | null {
    const values = this.values('namespace');
    const [value] = values;
    if (values.length !== 1 || !value) return null;
    const { texts, unknown } = this.reader.texts(value);
    return texts.length === 1 && unknown.length === 0 && texts[0]!.text !== 'default' ? texts[0]!.text : null;
  }

  private interceptors(): string[] {
    const values = this.values('interceptors').flatMap((value) =>
      // appendDefaultInterceptors({ … }) of older SDKs returns what it is given, and more.
      value.node.type === 'CallExpression' && value.node.arguments[0]
        ? [{ ...value, node: value.node.arguments[0] }]
        : [value],
    );
    return values.flatMap((value) => this.modules('workflowModules', value, 'workflowInterceptors'));
  }

  private modules(key: string, of: Located, option = 'workflowInterceptors'): string[] {
    const found: string[] = [];
    for (const list of this.values(key, of)) {
      if (list.node.type !== 'ArrayExpression') {
        this.todo(option, `${key} can't be read here. List the modules.`, list);
        continue;
      }
      for (const element of list.node.elements) {
        if (!element) continue;
        const at = { ...list, node: element as t.Node };
        const module = element.type === 'SpreadElement' ? null : this.moduleOf(at);
        if (module !== null) found.push(module);
        else this.todo(option, `one of ${key} can't be read here. Add the module.`, at);
      }
    }
    return [...new Set(found)];
  }

  private module(key: string, of: Located, option = key.replace(/Path$/, '')): string | null {
    const values = this.values(key, of).filter(({ node }) => node.type !== 'NullLiteral');
    for (const value of values) {
      const module = this.moduleOf(value);
      if (module !== null) return module;
    }
    if (values[0]) this.todo(option, `${key} can't be read here. Give the module's path.`, values[0]);
    return null;
  }

  /** A module's source, or the name of a package as it is. */
  private moduleOf(at: Located): string | null {
    for (const found of this.reader.texts(at).texts) {
      const path = this.sourceOf(found, at.module.path);
      if (path !== null) return fromRoot(path, this.repository);
      if (found.is === 'package') return found.text;
    }
    return null;
  }

  private dataConverter(): { module: string | null; payload: string | null; failure: string | null } {
    const [given] = this.values('dataConverter');
    if (!given) return { module: null, payload: null, failure: null };
    const payload = this.module('payloadConverterPath', given);
    const failure = this.module('failureConverterPath', given);
    const isKnown = given.node.type === 'ObjectExpression';
    const codecs = this.values('payloadCodecs', given);
    const needsModule = !isKnown || codecs.length > 0;
    const module = needsModule ? this.exportingModule() : null;
    if (needsModule && module === null) this.todo('dataConverter', this.whyNoModule(given, isKnown), given);
    return { module, payload, failure };
  }

  /** The module whose export `dataConverter`, or default export, is what the worker is given. */
  private exportingModule(): string | null {
    const origin = this.reader.importOf('dataConverter', this.options);
    if (origin === null || (origin.name !== 'dataConverter' && origin.name !== 'default')) return null;
    const path = sourceOfImport(origin.specifier, origin.from, this.repository);
    return path === null ? origin.specifier : fromRoot(path, this.repository);
  }

  private whyNoModule(given: Located, isKnown: boolean): string {
    const wanted = 'a module of its own as `dataConverter`, and give that module here.';
    const file = fromRoot(given.module.path, this.repository);
    return isKnown
      ? `the data converter of ${file} has payload codecs, without which a replay can't read payloads. Export it from ${wanted}`
      : `the data converter comes from ${described(given)}. Export what it is from ${wanted}`;
  }

  private bundlerOptions(isBundle: boolean): Pick<FoundCode, 'ignoreModules' | 'preloadModules'> {
    const places = isBundle ? [this.options] : this.values('bundlerOptions');
    const names = (key: string): string[] => [...new Set(places.flatMap((place) => this.names(key, place)))];
    const hook = places.flatMap((place) => this.values('webpackConfigHook', place))[0];
    if (hook)
      this.todo(
        'bundlerOptions',
        'a webpackConfigHook changes the bundle. Export it, import it in the config, and give it as bundlerOptions.webpackConfigHook.',
        hook,
      );
    return { ignoreModules: names('ignoreModules'), preloadModules: names('preloadModules') };
  }

  private names(key: string, of: Located): string[] {
    return this.values(key, of).flatMap((list) => {
      const elements = list.node.type === 'ArrayExpression' ? list.node.elements : [null];
      return elements.flatMap((element) => {
        const at = element && { ...list, node: element as t.Node };
        const [found] = at ? this.reader.texts(at).texts : [];
        if (found) return [found.text];
        this.todo('bundlerOptions', `${key} can't all be read here. Complete the list.`, at ?? list);
        return [];
      });
    });
  }
}

const described = ({ node }: Located): string =>
  node.type === 'CallExpression' && calleeText(node) ? `the call of ${calleeText(node)}` : 'somewhere else';

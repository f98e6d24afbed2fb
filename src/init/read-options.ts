import { calleeText, memberText, nameOf } from '../source/expressions';
import type { Located } from '../source/static-expressions';
import { copiedCode } from './copied-code';
import { dataConverterOf } from './data-converter-option';
import type { OptionValues } from './option-values';
import { fromRoot } from './repository';
import {
  type CodeOptions,
  type CopiedCode,
  type FoundCode,
  type MovedOption,
  NO_OPTIONS,
} from './worker-code';
import { type WorkerModule, isKnownName, workerModuleOf } from './worker-module';
import { isOptionOfWorker, needsWorkerModule } from './worker-option-kinds';
import { leadsToItself, workflowCodeOf } from './workflow-code-option';

/** Reads the options that a call is given. Of a worker whose options a module exports, only those are left that it lacks. */
export function readOptions(options: OptionValues, call: FoundCode['call']): FoundCode {
  const module = call === 'worker' ? workerModuleOf(options) : null;
  const found = readCodeOptions(options, call, module);
  return {
    ...(module !== null && isKnownName(module) ? besideModule(found, module, options) : found),
    call,
    place: options.place,
    packageDir: fromRoot(options.packageDir, options.repository),
    taskQueue: options.firstText('taskQueue'),
    codePath: found.workflowsPath ?? found.bundle,
  };
}

/** Returns the options to give beside those that a module exports. */
function besideModule(found: CodeOptions, module: WorkerModule, options: OptionValues): CodeOptions {
  const { repository } = options;
  const exported = options.withOptions(module.value);
  const own = readCodeOptions(exported, 'worker', module);
  const isOwn = <K extends keyof CodeOptions>(key: K): boolean =>
    JSON.stringify(found[key]) === JSON.stringify(own[key]);
  const known = own.todos.map((todo) => JSON.stringify(todo));
  const besides = Object.keys(NO_OPTIONS).map((key) => {
    const option = key as keyof CodeOptions;
    return [option, (isOwn(option) ? NO_OPTIONS : found)[option]];
  });
  return {
    ...(Object.fromEntries(besides) as unknown as CodeOptions),
    worker: fromRoot(module.path, repository),
    workflowsPath: isOwn('workflowsPath') && leadsToItself(exported) ? null : found.workflowsPath,
    bundle: found.bundle,
    todos: found.todos.filter((todo) => !known.includes(JSON.stringify(todo))),
  };
}

function readCodeOptions(
  options: OptionValues,
  call: FoundCode['call'],
  module: WorkerModule | null,
): CodeOptions {
  const isBundle = call === 'bundle';
  const code = workflowCodeOf(options);
  const converters = dataConverterOf(options);
  const { plugins, pluginsCode } = pluginsOf(options);
  const workflowInterceptors = isBundle
    ? options.modules('workflowInterceptorModules', options.options)
    : interceptorsOf(options);
  const [payloadConverter, failureConverter] = isBundle
    ? [
        options.module('payloadConverterPath', options.options),
        options.module('failureConverterPath', options.options),
      ]
    : [converters.payload, converters.failure];
  const movedCode = movedOf(options, isBundle, module);
  noteOthers(options, call, module, movedCode);
  return {
    worker: null,
    namespace: namespaceOf(options),
    deploymentVersion: deploymentVersionOf(options),
    ...code,
    workflowInterceptors,
    payloadConverter,
    failureConverter,
    dataConverter: converters.module,
    converterExport: converters.exported,
    converterCode: converters.code,
    ignoreModules: moduleNames('ignoreModules', options, isBundle),
    preloadModules: moduleNames('preloadModules', options, isBundle),
    plugins,
    pluginsCode,
    movedCode,
    reuseV8Context: booleanOf('reuseV8Context', options),
    workflowFailureErrorTypes: errorTypesOf(options),
    todos: options.todos,
  };
}

/** Returns a namespace that the code writes down: the default of an environment variable is not where histories come from. */
function namespaceOf(options: OptionValues): string | null {
  const namespace = onlyText(options.of('namespace'), options);
  return namespace === 'default' ? null : namespace;
}

/** Returns the version of the worker's deployment, by which histories of one task queue find their own worker. */
function deploymentVersionOf(options: OptionValues): string | null {
  const versions = options.of('workerDeploymentOptions').flatMap((at) => options.of('version', at));
  const [version] = versions;
  if (!version) return onlyText(options.of('buildId'), options);
  if (version.node.type !== 'ObjectExpression') return onlyText(versions, options);
  const [name, buildId] = ['deploymentName', 'buildId'].map((key) =>
    onlyText(options.of(key, version), options),
  );
  return name && buildId ? `${name}.${buildId}` : null;
}

/** Returns the text that values stand for, or null if there are several or one that only a run can tell. */
function onlyText(values: readonly Located[], options: OptionValues): string | null {
  const [value] = values;
  if (values.length !== 1 || !value) return null;
  const { texts, unknown } = options.textsOf(value);
  return texts.length === 1 && unknown.length === 0 ? texts[0]!.text : null;
}

function interceptorsOf(options: OptionValues): string[] {
  const values = options.of('interceptors').map((value): Located => {
    // appendDefaultInterceptors({ … }) of older SDKs returns what it is given, and more.
    const [given] = value.node.type === 'CallExpression' ? value.node.arguments : [];
    return given ? { ...value, node: given } : value;
  });
  return values.flatMap((value) => options.modules('workflowModules', value));
}

/** Returns where the options of the bundler are set. */
const bundlerOptionsOf = (options: OptionValues, isBundle: boolean): Located[] =>
  isBundle ? [options.options] : options.of('bundlerOptions');

/** Returns the module that exports the plugins, or else their code. Adds a todo if there is neither. */
function pluginsOf(options: OptionValues): Pick<CodeOptions, 'plugins' | 'pluginsCode'> {
  const [given] = options.of('plugins');
  const plugins = given ? options.exportingModule('plugins') : null;
  const pluginsCode = given && plugins === null ? copiedCode('plugins', options) : null;
  if (given && plugins === null && pluginsCode === null)
    options.addTodo(
      'worker',
      'plugins of the worker are made in place, where a replay cannot load them.',
      given,
    );
  return { plugins, pluginsCode };
}

/** Returns an option that is true or false. Adds a todo if only a run can tell. */
function booleanOf(key: 'reuseV8Context', options: OptionValues): boolean | null {
  const values = options.of(key);
  const [value] = values;
  if (!value) return null;
  if (values.length === 1 && value.node.type === 'Literal' && typeof value.node.value === 'boolean')
    return value.node.value;
  options.addTodo(key, `${key} can't be read here. Give the value of production.`, value);
  return null;
}

function errorTypesOf(options: OptionValues): CodeOptions['workflowFailureErrorTypes'] {
  const values = options.of('workflowFailureErrorTypes');
  const [value] = values;
  if (!value) return null;
  const types = values.length === 1 ? namesByType(value, options) : null;
  if (types === null)
    options.addTodo(
      'workflowFailureErrorTypes',
      "workflowFailureErrorTypes can't all be read here. Give the names of the errors.",
      value,
    );
  return types;
}

function namesByType(at: Located, options: OptionValues): Record<string, string[]> | null {
  if (at.node.type !== 'ObjectExpression') return null;
  const found: Record<string, string[]> = {};
  for (const property of at.node.properties) {
    const key = property.type === 'Property' && !property.computed ? nameOf(property.key) : null;
    if (property.type !== 'Property' || key === null) return null;
    const names = options.expressions
      .expand({ ...at, node: property.value })
      .flatMap(({ node, ...rest }) =>
        node.type === 'ArrayExpression'
          ? node.elements.map((element) =>
              element && element.type !== 'SpreadElement'
                ? (options.textsOf({ ...rest, node: element }).texts[0]?.text ?? null)
                : null,
            )
          : [null],
      );
    if (names.includes(null)) return null;
    found[key] = names.filter((name) => name !== null);
  }
  return found;
}

/** Adds a todo for each option that only the module of `worker` can give, and for options whose names are not known. */
function noteOthers(
  options: OptionValues,
  call: FoundCode['call'],
  module: WorkerModule | null,
  moved: CodeOptions['movedCode'],
): void {
  if (call === 'bundle') return;
  // A framework has options of its own beside those that it hands on to the worker.
  const counts = (key: string): boolean =>
    needsWorkerModule(key) && !(key in moved) && (call === 'worker' || isOptionOfWorker(key));
  const before = options.todos.length;
  for (const { key, at } of options.keys()) {
    if (key === null)
      options.addTodo(
        'worker',
        `options of the worker come from ${sourceText(at)}, and can't be read here.`,
        at,
      );
    else if (counts(key)) options.addTodo('worker', cannotTakeOver(key), at);
  }
  const isNoted = before < options.todos.length || options.todos.some(({ option }) => option === 'worker');
  if (!isNoted || module === null || isKnownName(module)) return;
  const file = fromRoot(module.path, options.repository);
  options.addTodo(
    'worker',
    `export ${module.name} of ${file} as \`workerOptions\` too, and name that module here: all of its options count then.`,
    module.value,
  );
}

const cannotTakeOver = (key: string): string =>
  `${key} of the worker can't be taken over by an option of its own.`;

const sourceText = ({ node }: Located): string =>
  node.type === 'CallExpression' && calleeText(node)
    ? `the call of ${calleeText(node)}`
    : memberText(node) || 'elsewhere';

/**
 * Returns the code of the options that only a module of `worker` can give, as far as it can be copied. A worker whose options a module
 * exports has its module already. Adds a todo for a hook that is left.
 */
function movedOf(
  options: OptionValues,
  isBundle: boolean,
  module: WorkerModule | null,
): CodeOptions['movedCode'] {
  const moved: Partial<Record<MovedOption, CopiedCode>> = {};
  const take = (key: MovedOption, object: Located): void => {
    const code = module !== null && isKnownName(module) ? null : copiedCode(key, options, object);
    if (code !== null) moved[key] = code;
  };
  if (!isBundle) for (const key of ['sinks', 'patchActivationCallback'] as const) take(key, options.options);
  for (const at of bundlerOptionsOf(options, isBundle)) {
    const [hook] = options.of('webpackConfigHook', at);
    if (hook) take('webpackConfigHook', at);
    if (hook && moved.webpackConfigHook === undefined) noteHook(hook, options);
  }
  return moved;
}

/** Adds a todo for a hook that changes the configuration of webpack. */
const noteHook = (hook: Located, options: OptionValues): void =>
  options.addTodo(
    'bundlerOptions',
    'a webpackConfigHook changes the bundle. Export it, import it in the config, and give it as bundlerOptions.webpackConfigHook.',
    hook,
  );

function moduleNames(key: string, options: OptionValues, isBundle: boolean): string[] {
  const lists = bundlerOptionsOf(options, isBundle).flatMap((at) => options.of(key, at));
  const names = lists.flatMap((list) => {
    const elements = list.node.type === 'ArrayExpression' ? list.node.elements : [null];
    return elements.flatMap((element) => {
      const at = element ? { ...list, node: element } : null;
      const [found] = at ? options.textsOf(at).texts : [];
      if (found) return [found.text];
      options.addTodo('bundlerOptions', `${key} can't all be read here. Complete the list.`, at ?? list);
      return [];
    });
  });
  return [...new Set(names)];
}

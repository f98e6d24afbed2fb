import type { Located } from '../source/static-expressions';
import { dataConverterOf } from './data-converter-option';
import type { OptionValues } from './option-values';
import { fromRoot } from './repository';
import type { FoundCode } from './worker-code';
import { workflowCodeOf } from './workflow-code-option';

/** Reads the options that a call is given. */
export function readOptions(options: OptionValues, call: FoundCode['call']): FoundCode {
  const { repository } = options;
  const isBundle = call === 'bundle';
  const code = workflowCodeOf(options);
  const converters = dataConverterOf(options);
  notePlugins(options);
  const workflowInterceptors = isBundle
    ? options.modules('workflowInterceptorModules', options.options)
    : interceptorsOf(options);
  const [payloadConverter, failureConverter] = isBundle
    ? [
        options.module('payloadConverterPath', options.options),
        options.module('failureConverterPath', options.options),
      ]
    : [converters.payload, converters.failure];
  noteBundlerHook(options, isBundle);
  return {
    call,
    place: options.place,
    packageDir: fromRoot(options.packageDir, repository),
    taskQueue: options.firstText('taskQueue'),
    namespace: namespaceOf(options),
    ...code,
    workflowInterceptors,
    payloadConverter,
    failureConverter,
    dataConverter: converters.module,
    ignoreModules: moduleNames('ignoreModules', options, isBundle),
    preloadModules: moduleNames('preloadModules', options, isBundle),
    todos: options.todos,
  };
}

/** Returns a namespace that the code writes down: the default of an environment variable is not where histories come from. */
function namespaceOf(options: OptionValues): string | null {
  const values = options.of('namespace');
  const [value] = values;
  if (values.length !== 1 || !value) return null;
  const { texts, unknown } = options.textsOf(value);
  return texts.length === 1 && unknown.length === 0 && texts[0]!.text !== 'default' ? texts[0]!.text : null;
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

/** Adds a todo for plugins, which may change the bundle. */
function notePlugins(options: OptionValues): void {
  const [plugins] = options.of('plugins');
  if (plugins)
    options.addTodo(
      'workflowInterceptors',
      'the worker has plugins. Give what they change in the bundle here: interceptors, converters, ignored modules.',
      plugins,
    );
}

/** Adds a todo for a hook that changes the configuration of webpack. */
function noteBundlerHook(options: OptionValues, isBundle: boolean): void {
  const [hook] = bundlerOptionsOf(options, isBundle).flatMap((at) => options.of('webpackConfigHook', at));
  if (hook)
    options.addTodo(
      'bundlerOptions',
      'a webpackConfigHook changes the bundle. Export it, import it in the config, and give it as bundlerOptions.webpackConfigHook.',
      hook,
    );
}

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

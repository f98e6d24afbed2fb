import { resolve } from 'node:path';
import type { Located } from '../source/static-expressions';
import type { OptionValues } from './option-values';
import { fromRoot, isBelow } from './repository';
import { workerApiOf } from './worker-api';
import type { FoundCode } from './worker-code';

const FILL_IN = 'Fill in the path of the file that exports the workflows.';

/** Returns the workflow code of a worker: its source, or its bundle if no source can be found. */
export function workflowCodeOf(options: OptionValues): Pick<FoundCode, 'workflowsPath' | 'bundle'> {
  const paths = options.of('workflowsPath');
  const bundles = options.of('workflowBundle');
  const workflowsPath = options.firstSource(paths) ?? bundledSource(options, bundles);
  if (workflowsPath !== null) return { workflowsPath, bundle: null };
  const bundle = options.firstFile(bundles.flatMap((value) => options.of('codePath', value)));
  if (bundle !== null) return { workflowsPath: null, bundle: fromRoot(bundle, options.repository) };
  options.addTodo('workflowsPath', whyUnknown(options, [...paths, ...bundles]), paths[0] ?? bundles[0]);
  return { workflowsPath: null, bundle: null };
}

/**
 * Returns true if options name their workflow code in one way only, by the path of its source in the current directory: what they name
 * is then found when they are loaded.
 */
export function leadsToItself(options: OptionValues): boolean {
  const paths = options.of('workflowsPath');
  const { texts, unknown } = paths.map((value) => options.textsOf(value))[0] ?? { texts: [], unknown: [] };
  const [only] = texts;
  if (paths.length !== 1 || texts.length !== 1 || unknown.length > 0 || only!.is !== 'text') return false;
  if (options.of('workflowBundle').length > 0 || options.packageDir !== options.repository.root) return false;
  const source = options.firstSource(paths);
  const named = only!.text.replace(/\.[cm]?[jt]s$/, '');
  return source !== null && resolve(options.repository.root, source).startsWith(named);
}

/** Returns true if all options can be read and none names workflows. */
export function hasNoWorkflows(options: OptionValues): boolean {
  const objects = options.expressions
    .expand(options.options)
    .filter(({ node }) => node.type === 'ObjectExpression');
  return (
    objects.length > 0 &&
    !objects.some((object) => hasUnknownSpread(object, options)) &&
    options.of('workflowsPath').length === 0 &&
    options.of('workflowBundle').length === 0
  );
}

const hasUnknownSpread = (object: Located, { expressions }: OptionValues): boolean =>
  object.node.type === 'ObjectExpression' &&
  object.node.properties.some(
    (property) =>
      property.type === 'SpreadElement' &&
      !expressions
        .expand({ ...object, node: property.argument })
        .every(({ node }) => node.type === 'ObjectExpression'),
  );

/** Follows `workflowBundle: await bundleWorkflowCode({ workflowsPath })`, in place or by a name. */
function bundledSource(options: OptionValues, bundles: readonly Located[]): string | null {
  const calls = bundles.flatMap((value) => [
    value,
    ...options.of('code', value).flatMap((code) => [code, ...options.expressions.origins(code)]),
  ]);
  for (const call of calls) {
    const { node, module } = call;
    const [argument] = node.type === 'CallExpression' ? node.arguments : [];
    if (node.type !== 'CallExpression' || !argument || workerApiOf(node, module) !== 'bundle') continue;
    const path = options.firstSource(options.of('workflowsPath', { ...call, node: argument }));
    if (path !== null) return path;
  }
  return null;
}

function whyUnknown(options: OptionValues, values: readonly Located[]): string {
  const { repository } = options;
  const known = values.map((value) => options.textsOf(value));
  const [missing] = known.flatMap(({ texts }) => texts.map(({ text }) => text));
  if (missing !== undefined) {
    const shown = isBelow(missing, repository.root) ? fromRoot(missing, repository) : missing;
    return `there is no source file for ${shown}. ${FILL_IN}`;
  }
  const unknown = known.flatMap((one) => one.unknown)[0];
  if (unknown !== undefined) return `the path depends on ${unknown}. ${FILL_IN}`;
  return `the options of the worker can't be read here. ${FILL_IN}`;
}

import { NAMESPACE, bindingsOf } from '../source/bindings';
import { withoutWrappers } from '../source/expressions';
import type { Located } from '../source/static-expressions';
import type { OptionValues } from './option-values';
import { fromRoot } from './repository';
import { sourceOfImport } from './source-of-module';
import { startsWorkerOnImport } from './start-on-import';
import type { ConverterExport } from './worker-code';

/**
 * Returns the export of a module that a worker is given as its data converter, or that makes it if it is called without arguments, as in
 * `dataConverter: await getDataConverter()`. Returns null if there is none, and for a module that would start a worker when it is imported.
 */
export function converterExportOf(options: OptionValues): ConverterExport | null {
  const given = options.expressions.given('dataConverter', options.options);
  return given && exportBehind(given, options);
}

const MAX_STEPS = 8;

function exportBehind(
  at: Located,
  options: OptionValues,
  isCalled = false,
  steps = 0,
): ConverterExport | null {
  if (steps > MAX_STEPS) return null;
  const node = withoutWrappers(at.node);
  if (node.type === 'AwaitExpression')
    return exportBehind({ ...at, node: node.argument }, options, isCalled, steps + 1);
  if (node.type === 'CallExpression' && node.arguments.length === 0 && !isCalled)
    return exportBehind({ ...at, node: node.callee }, options, true, steps + 1);
  if (node.type !== 'Identifier') return null;
  const binding = bindingsOf(node.name, node, at.module)[0];
  if (binding?.kind === 'value' && !isCalled)
    return exportBehind({ ...at, node: binding.node }, options, isCalled, steps + 1);
  if (binding?.kind !== 'import' || binding.name === NAMESPACE) return null;
  const path = sourceOfImport(binding.specifier, at.module.path, options.repository);
  if (path === null)
    return /^[.#]/.test(binding.specifier)
      ? null
      : { module: binding.specifier, isFile: false, name: binding.name, isCalled };
  if (startsWorkerOnImport(path, options)) return null;
  return { module: fromRoot(path, options.repository), isFile: true, name: binding.name, isCalled };
}

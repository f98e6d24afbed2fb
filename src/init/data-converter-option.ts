import { calleeText } from '../source/expressions';
import type { Located } from '../source/static-expressions';
import type { OptionValues } from './option-values';
import { fromRoot } from './repository';
import { sourceOfImport } from './source-of-module';

/** The modules of a worker's data converter; null for those that it does not have. */
export interface Converters {
  /** The module to load the whole data converter from, as its payload codecs require. */
  module: string | null;
  payload: string | null;
  failure: string | null;
}

/** Reads the option `dataConverter` of a worker. Adds a todo if the data converter has to be loaded and no module exports it. */
export function dataConverterOf(options: OptionValues): Converters {
  const [given] = options.of('dataConverter');
  if (!given) return { module: null, payload: null, failure: null };
  const payload = options.module('payloadConverterPath', given);
  const failure = options.module('failureConverterPath', given);
  const isKnown = given.node.type === 'ObjectExpression';
  const needsModule = !isKnown || options.of('payloadCodecs', given).length > 0;
  const module = needsModule ? exportingModule(options) : null;
  if (needsModule && module === null)
    options.addTodo('dataConverter', whyNoModule(given, isKnown, options), given);
  return { module, payload, failure };
}

/** Returns the module whose export `dataConverter`, or default export, is what the worker is given. */
function exportingModule({ expressions, options, repository }: OptionValues): string | null {
  const origin = expressions.importOf('dataConverter', options);
  if (origin === null || (origin.name !== 'dataConverter' && origin.name !== 'default')) return null;
  const path = sourceOfImport(origin.specifier, origin.from, repository);
  return path === null ? origin.specifier : fromRoot(path, repository);
}

function whyNoModule(given: Located, isKnown: boolean, { repository }: OptionValues): string {
  const wanted = 'a module of its own as `dataConverter`, and give that module here.';
  const file = fromRoot(given.module.path, repository);
  return isKnown
    ? `the data converter of ${file} has payload codecs, without which a replay can't read payloads. Export it from ${wanted}`
    : `the data converter comes from ${originOf(given)}. Export it from ${wanted}`;
}

const originOf = ({ node }: Located): string =>
  node.type === 'CallExpression' && calleeText(node) ? `the call of ${calleeText(node)}` : 'somewhere else';

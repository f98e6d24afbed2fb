import { calleeText } from '../source/expressions';
import type { Located } from '../source/static-expressions';
import type { OptionValues } from './option-values';
import { converterExportOf } from './converter-export';
import { fromRoot } from './repository';
import { copiedCode } from './copied-code';
import type { ConverterExport, CopiedCode } from './worker-code';

/** The modules of a worker's data converter; null for those that it does not have. */
export interface Converters {
  /** The module to load the whole data converter from, as its payload codecs require. */
  module: string | null;
  /** The export that is or makes the whole data converter, if no module exports it as `dataConverter`. */
  exported: ConverterExport | null;
  /** The code of the whole data converter, if the call of the worker makes it. */
  code: CopiedCode | null;
  payload: string | null;
  failure: string | null;
}

/** Reads the option `dataConverter` of a worker. Adds a todo if the data converter has to be loaded and no module exports it. */
export function dataConverterOf(options: OptionValues): Converters {
  const [given] = options.of('dataConverter');
  if (!given) return { module: null, exported: null, code: null, payload: null, failure: null };
  const payload = options.module('payloadConverterPath', given);
  const failure = options.module('failureConverterPath', given);
  const isKnown = given.node.type === 'ObjectExpression';
  const parts = [
    ...(options.of('payloadCodecs', given).some((value) => !isEmptyArray(value)) ? ['payloadCodecs'] : []),
    ...(options.of('externalStorage', given).length > 0 ? ['externalStorage'] : []),
  ];
  const needsModule = !isKnown || parts.length > 0;
  const module = needsModule ? options.exportingModule('dataConverter') : null;
  const exported = needsModule && module === null ? converterExportOf(options) : null;
  const code =
    needsModule && module === null && exported === null ? copiedCode('dataConverter', options) : null;
  if (needsModule && module === null && exported === null && code === null)
    options.addTodo('dataConverter', whyNoModule(given, isKnown ? parts : [], options), given);
  return { module, exported, code, payload, failure };
}

function whyNoModule(given: Located, parts: readonly string[], { repository }: OptionValues): string {
  const wanted = 'a module of its own as `dataConverter`, and give that module here.';
  const file = fromRoot(given.module.path, repository);
  return parts.length > 0
    ? `the data converter of ${file} has ${parts.join(' and ')}, without which a replay can't read payloads. Export it from ${wanted}`
    : `the data converter comes from ${originOf(given)}. Export it from ${wanted}`;
}

const isEmptyArray = ({ node }: Located): boolean =>
  node.type === 'ArrayExpression' && node.elements.length === 0;

const originOf = ({ node }: Located): string =>
  node.type === 'CallExpression' && calleeText(node) ? `the call of ${calleeText(node)}` : 'somewhere else';

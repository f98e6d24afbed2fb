import type { DataConverter } from '@temporalio/common';
import { TemporalReplayError, messageOf } from '../errors';
import { type ModuleExports, loadModule } from '../util/load-module';
import { withTimeLimit } from '../util/time-limit';
import { adviceFor, hasMethods } from './data-converter-advice';

/** Time for a module, and for the promise of a data converter, which may ask a server for keys. */
const LOAD_LIMIT_MS = 60_000;

/** The options of a `DataConverter`. */
const OPTIONS = ['payloadCodecs', 'payloadConverterPath', 'failureConverterPath', 'externalStorage'];

/**
 * Loads the data converter of a module: its export `dataConverter`, its default export, or the module itself; or the promise of one.
 *
 * @throws CONVERTER_INVALID
 */
export async function loadDataConverter(path: string, load = loadModule): Promise<DataConverter> {
  return dataConverterIn(await loadConverterModule(path, 'data converter', load), path);
}

/**
 * Returns the data converter in the exports of a module.
 *
 * @throws CONVERTER_INVALID with the line to write, if the module exports none
 */
async function dataConverterIn(exported: ModuleExports, path: string): Promise<DataConverter> {
  const promised = exported['dataConverter'] ?? exported['default'] ?? exported;
  const given = await readyOrFailed(promised, path, 'data converter');
  if (!isDataConverter(given, exported)) {
    // Test runners show the message of an error and not its hint.
    const message = `The module ${path} exports no data converter. ${adviceFor(exported)}`;
    throw new TemporalReplayError('CONVERTER_INVALID', message, { hint: '' });
  }
  const { payloadCodecs } = given;
  if (payloadCodecs === undefined || (Array.isArray(payloadCodecs) && payloadCodecs.every(isCodec)))
    return given;
  throw new TemporalReplayError(
    'CONVERTER_INVALID',
    `payloadCodecs of the data converter ${path} is no array of objects with the methods encode and decode.`,
    { hint: 'Give instances of codecs, neither their classes nor promises of them.' },
  );
}

/** Loads the module of a converter of any kind. @throws CONVERTER_INVALID */
export const loadConverterModule = (path: string, kind: string, load = loadModule): Promise<ModuleExports> =>
  readyOrFailed(load(path), path, kind);

async function readyOrFailed<T>(promised: Promise<T> | T, path: string, kind: string): Promise<T> {
  try {
    return await withTimeLimit(promised, LOAD_LIMIT_MS, 'it');
  } catch (err) {
    const message = `The ${kind} ${path} cannot be loaded: ${messageOf(err)}`;
    throw new TemporalReplayError('CONVERTER_INVALID', message, { cause: err });
  }
}

/** Returns true for an object with an option of data converters, and for `{}` if the module exports that as one. */
function isDataConverter(given: unknown, exported: ModuleExports): given is DataConverter {
  if (typeof given !== 'object' || given === null) return false;
  if (OPTIONS.some((option) => option in given)) return true;
  return Object.keys(given).length === 0 && given !== exported && given.constructor.name === 'Object';
}

const isCodec = (value: unknown): boolean => hasMethods(value, 'encode', 'decode');

import { readFileSync } from 'node:fs';
import type { DecodingSource } from '../../model/undecoded-payload';
import { variablesIn } from '../../source/environment-variables';
import type { WorkerSource } from '../../worker-options/worker-source';
import type { PayloadCodecs } from './loaded-project';

/** The options whose modules decode payloads, in the order in which they count. */
const OPTIONS = ['dataConverter', 'worker', 'plugins', 'payloadConverter'] as const;

/** Limit for the variables that are named. */
const MAX_VARIABLES = 3;

/**
 * Returns where the decoding of payloads is configured, and the environment variables that are likely wrong: those that the
 * error names and the service reads, or else those that the data converter itself reads and that are not set. A name that
 * only the error has may be a value of the history.
 */
export function decodingSourceOf(
  worker: WorkerSource,
  codecs: PayloadCodecs,
  message: string,
  env: NodeJS.ProcessEnv = process.env,
): DecodingSource {
  const option = OPTIONS.find((name) => worker[name] !== null);
  const module = option === undefined ? null : { option, path: worker[option]! };
  const own = [...codecs.map(sourceOf), ...(module ? readSource(module.path) : [])];
  const named = variablesIn([...own, ...loadedFiles().flatMap(readSource)]).filter((name) =>
    new RegExp(`\\b${name}\\b`).test(message),
  );
  const unset = variablesIn(own).filter((name) => !env[name]);
  return { module, variables: (named.length > 0 ? named : unset).slice(0, MAX_VARIABLES) };
}

const sourceOf = (codec: PayloadCodecs[number]): string =>
  [codec.decode, codec.constructor].map((value) => Function.prototype.toString.call(value)).join('\n');

/** Returns the files of the service that this process has loaded by `require`. */
const loadedFiles = (): string[] =>
  Object.keys(require.cache).filter(
    (file) => !file.includes('node_modules') && !file.startsWith(PACKAGE_ROOT),
  );

/** The directory of this package's own code. */
const PACKAGE_ROOT = __dirname.replace(/replay[\\/]engine$/, '');

function readSource(path: string): string[] {
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}

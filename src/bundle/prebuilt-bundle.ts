import { readFile } from 'node:fs/promises';
import { TemporalReplayError, messageOf } from '../errors';
import type { CodeFailure } from '../model/code-failure';
import { sharesModuleState } from '../sdk/module-isolation';
import { workflowTypesOf } from '../sdk/workflow-types';
import { contentHash } from '../util/content-hash';
import type { HashedFile } from '../util/hashed-file';
import { writeBundleFile, writeToCache } from './bundle-files';
import { ALL_INPUTS_OF_ALL_TYPES, type TypeInputs } from './type-inputs';

export type PrebuiltBundle =
  | (HashedFile & {
      workflowTypes: readonly string[];
      sharesModuleState: boolean;
      typeInputs: TypeInputs;
      cached: false;
    })
  | { failure: CodeFailure; missing: [] };

/** Reads a bundle that the user has built. @throws CONFIG_INVALID, OUTPUT_FAILED */
export async function readPrebuiltBundle(path: string, cacheDir: string): Promise<PrebuiltBundle> {
  let code: string;
  try {
    code = await readFile(path, 'utf8');
  } catch (err) {
    throw new TemporalReplayError('CONFIG_INVALID', `The bundle ${path} cannot be read: ${messageOf(err)}`, {
      cause: err,
      hint: 'Build it first, or name another file.',
    });
  }
  return examined(code, path, () => withSourceMap(path, code, cacheDir));
}

/** Keeps the code of a bundle that the user has built, as a file that replay processes can read. @throws OUTPUT_FAILED */
export async function keepPrebuiltBundle(code: string, cacheDir: string): Promise<PrebuiltBundle> {
  const { path } = await writeToCache(cacheDir, (directory) => writeBundleFile(directory, 'given', code));
  return examined(code, path, () => withSourceMap(path, code, cacheDir));
}

async function examined(
  code: string,
  path: string,
  toFile: () => Promise<HashedFile>,
): Promise<PrebuiltBundle> {
  let workflowTypes: readonly string[];
  try {
    workflowTypes = workflowTypesOf(code, path);
  } catch (err) {
    return { failure: failed(`The bundle ${path} cannot be loaded`, err), missing: [] };
  }
  return {
    ...(await toFile()),
    workflowTypes,
    sharesModuleState: sharesModuleState(code, path),
    typeInputs: ALL_INPUTS_OF_ALL_TYPES,
    cached: false,
  };
}

const failed = (summary: string, err: unknown): CodeFailure => ({ summary, details: messageOf(err) });

const SOURCE_MAP = '//# sourceMappingURL=data:';
const EMPTY_SOURCE_MAP = { version: 3, file: 'workflow-bundle.js', sources: [], names: [], mappings: '' };

/**
 * Returns the path of the bundle, or of a copy with an empty source map if it has none. The SDK refuses a bundle without
 * an inline source map; with an empty one it replays the bundle, without places in the source.
 */
async function withSourceMap(path: string, code: string, cacheDir: string): Promise<HashedFile> {
  if (code.includes(SOURCE_MAP)) return { path, hash: contentHash(code) };
  const map = Buffer.from(JSON.stringify(EMPTY_SOURCE_MAP)).toString('base64');
  const mapped = `${code}\n${SOURCE_MAP}application/json;base64,${map}`;
  return writeToCache(cacheDir, (directory) => writeBundleFile(directory, 'unmapped', mapped));
}

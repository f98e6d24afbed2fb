import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors';
import type { CodeFailure } from '../model/code-failure';
import { sharesModuleState } from '../sdk/module-isolation';
import { workflowTypesOf } from '../sdk/workflow-types';
import { writeFileAtomic } from '../util/atomic-file';
import { ALL_INPUTS_OF_ALL_TYPES, type TypeInputs } from './type-inputs';

export type PrebuiltBundle =
  | {
      path: string;
      workflowTypes: readonly string[];
      sharesModuleState: boolean;
      typeInputs: TypeInputs;
      cached: false;
    }
  | { failure: CodeFailure; missing: [] };

/** Reads a bundle that the user has built. */
export async function readPrebuiltBundle(path: string, cacheDir: string): Promise<PrebuiltBundle> {
  let code: string;
  try {
    code = await readFile(path, 'utf8');
  } catch (err) {
    return { failure: failed(`The bundle ${path} cannot be read`, err), missing: [] };
  }
  try {
    const workflowTypes = workflowTypesOf(code, path);
    const mapped = await withSourceMap(path, code, cacheDir);
    return {
      path: mapped,
      workflowTypes,
      sharesModuleState: sharesModuleState(code, path),
      typeInputs: ALL_INPUTS_OF_ALL_TYPES,
      cached: false,
    };
  } catch (err) {
    return { failure: failed(`The bundle ${path} cannot be loaded`, err), missing: [] };
  }
}

/** Keeps the code of a bundle that the user has built, as a file that replay processes can read. */
export async function keepPrebuiltBundle(code: string, cacheDir: string): Promise<PrebuiltBundle> {
  const path = join(cacheDir, `given-${hashOf(code)}.js`);
  await mkdir(cacheDir, { recursive: true });
  await writeFileAtomic(path, code);
  return readPrebuiltBundle(path, cacheDir);
}

const failed = (summary: string, err: unknown): CodeFailure => ({ summary, details: messageOf(err) });

const SOURCE_MAP = '//# sourceMappingURL=data:';
const EMPTY_SOURCE_MAP = { version: 3, file: 'workflow-bundle.js', sources: [], names: [], mappings: '' };

/**
 * Returns the path of the bundle, or of a copy with an empty source map if it has none. The SDK refuses a bundle without
 * an inline source map; with an empty one it replays the bundle, without places in the source.
 */
async function withSourceMap(path: string, code: string, cacheDir: string): Promise<string> {
  if (code.includes(SOURCE_MAP)) return path;
  const map = Buffer.from(JSON.stringify(EMPTY_SOURCE_MAP)).toString('base64');
  const copy = join(cacheDir, `unmapped-${hashOf(code)}.js`);
  await mkdir(cacheDir, { recursive: true });
  await writeFileAtomic(copy, `${code}\n${SOURCE_MAP}application/json;base64,${map}`);
  return copy;
}

const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex').slice(0, 32);

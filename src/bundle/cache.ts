import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { versionOfBundlerPackage } from '../sdk/bundler-packages';
import { writeFileAtomic } from '../util/atomic-file';
import { changeTimeOf, isChangedSince } from '../util/change-time';
import type { BundleSource } from '../worker-options/bundle-source';
import { shapeOf } from './shape';
import type { TypeInputs } from './type-inputs';

/** Version of the stored format. */
const FORMAT = 6;
const DAY_MS = 24 * 60 * 60 * 1000;
const KEEP_UNUSED_MS = 30 * DAY_MS;
/** A replaced bundle is only read by runs that have begun with it. */
const KEEP_REPLACED_MS = DAY_MS;

interface Entry {
  bundle: string;
  workflowTypes: string[];
  sharesModuleState: boolean;
  /** Content hash of every file that went into the bundle. */
  inputs: Record<string, string>;
  /** Paths at which the bundler found no file. A file there would take precedence over the one that was found instead. */
  absent: string[];
  typeInputs: TypeInputs;
}

/** A bundle on disk. */
export interface CachedBundle {
  path: string;
  workflowTypes: readonly string[];
  /** True if a reused V8 context cannot keep the state of its modules apart; see `src/sdk/module-isolation.ts`. */
  sharesModuleState: boolean;
  /** The files that it was made of. */
  inputs: readonly string[];
  typeInputs: TypeInputs;
}

export interface NewBundle {
  code: string;
  workflowTypes: string[];
  sharesModuleState: boolean;
  inputs: string[];
  /** Paths at which the bundler found no file. A file that appears there later may change the bundle. */
  absent: string[];
  typeInputs: TypeInputs;
  /** Time at which the bundler began to read (epoch ms): a later change may or may not be in the bundle. */
  beganAt: number;
}

export interface BundleCache {
  /** Hash of the options and versions. */
  readonly key: string;
  /** False if a bundle depends on code that cannot be hashed: a `webpackConfigHook` of unknown sources, without a `cacheKey`. */
  readonly usable: boolean;
  /** Returns the bundle of the current inputs, or null if it is not in the cache. */
  find(): Promise<CachedBundle | null>;
  store(bundle: NewBundle): Promise<CachedBundle>;
}

/**
 * Opens the cache of a project's bundles. The hash of the options and of the versions of Node and the SDK leads to an
 * index, which holds the content hashes of the last build's inputs. The bundle is used only if each input is unchanged.
 * Files are written aside and renamed, so that concurrent runs do not harm each other.
 */
export function openBundleCache(
  directory: string,
  project: BundleSource,
  { coverage }: { coverage: boolean },
): BundleCache {
  const shape = shapeOf(project);
  const key = hash(
    JSON.stringify({ ...keyOf(project), shape, ...(coverage && { coverage: instrumenterVersion() }) }),
  );
  const indexPath = join(directory, `${key}.json`);
  return {
    key,
    usable: shape !== null,
    async find() {
      const entry = await readEntry(indexPath);
      if (!entry || !(await isUnchanged(entry))) return null;
      const path = join(directory, entry.bundle);
      try {
        const now = new Date();
        await utimes(path, now, now);
        await utimes(indexPath, now, now);
      } catch {
        return null;
      }
      const { workflowTypes, sharesModuleState, inputs, typeInputs } = entry;
      return { path, workflowTypes, sharesModuleState, inputs: Object.keys(inputs), typeInputs };
    },
    async store({ code, workflowTypes, sharesModuleState, inputs, absent, typeInputs, beganAt }) {
      await mkdir(directory, { recursive: true });
      await removeUnused(directory, key);
      const bundle = `${key}-${hash(code)}.js`;
      const path = join(directory, bundle);
      await writeFileAtomic(path, code);
      const stored = { path, workflowTypes, sharesModuleState, inputs, typeInputs };
      // A changed input may not be what was read, so an index would pair the bundle with content that it was not made of.
      if (await isAnyChangedSince(beganAt, inputs)) return stored;
      const hashes = await Promise.all(inputs.map(async (path) => [path, await hashFile(path)] as const));
      const entry: Entry = {
        bundle,
        workflowTypes,
        sharesModuleState,
        inputs: Object.fromEntries(hashes.flatMap(([path, sum]) => (sum === null ? [] : [[path, sum]]))),
        absent,
        typeInputs,
      };
      await writeFileAtomic(indexPath, JSON.stringify(entry));
      return stored;
    },
  };
}

const hash = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex').slice(0, 32);

async function hashFile(path: string): Promise<string | null> {
  try {
    return hash(await readFile(path));
  } catch {
    return null;
  }
}

function keyOf(project: BundleSource): object {
  const { ignoreModules = [], preloadModules = [] } = project.bundlerOptions;
  return {
    format: FORMAT,
    node: process.version,
    sdk: sdkVersion(),
    bundler: ['webpack', '@swc/core'].map(versionOfBundlerPackage),
    workflowsPath: project.workflowsPath,
    workflowInterceptors: project.workflowInterceptors,
    payloadConverter: project.payloadConverter,
    failureConverter: project.failureConverter,
    ignoreModules,
    preloadModules,
  };
}

const instrumenterVersion = (): string =>
  (require('istanbul-lib-instrument/package.json') as { version: string }).version;

const sdkVersion = (): string =>
  (require('@temporalio/worker/package.json') as { version: string }).version +
  (require('@temporalio/workflow/package.json') as { version: string }).version;

async function readEntry(path: string): Promise<Entry | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Entry;
  } catch {
    return null;
  }
}

async function isUnchanged({ inputs, absent }: Entry): Promise<boolean> {
  if (absent.some((path) => existsSync(path))) return false;
  const checks = await Promise.all(
    Object.entries(inputs).map(async ([path, sum]) => (await hashFile(path)) === sum),
  );
  return checks.every(Boolean);
}

async function isAnyChangedSince(since: number, paths: readonly string[]): Promise<boolean> {
  const changed = await Promise.all(
    paths.map(async (path) => isChangedSince(since, await changeTimeOf(path))),
  );
  return changed.some(Boolean);
}

async function removeUnused(directory: string, key: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const keepMs = name.startsWith(`${key}-`) ? KEEP_REPLACED_MS : KEEP_UNUSED_MS;
    try {
      if (Date.now() - (await stat(path)).mtimeMs > keepMs) await rm(path);
    } catch {
      // Another run removed it.
    }
  }
}

import { existsSync } from 'node:fs';
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { hasReadableCoverageData, writeCoverageData } from '../coverage/coverage-data';
import type { InstrumentedFile } from '../coverage/instrument';
import { versionOfBundlerPackage } from '../sdk/bundler-packages';
import { changeTimeOf, isChangedSince } from '../util/change-time';
import { readChecked, writeChecked } from '../util/checked-file';
import { contentHash } from '../util/content-hash';
import { type HashedFile, isIntact } from '../util/hashed-file';
import { readRegularFile } from '../util/read-regular-file';
import type { BundleSource } from '../worker-options/bundle-source';
import { bundleFile, warnOfCache, writeBundleFile, writeToCache } from './bundle-files';
import { shapeOf } from './shape';
import type { TypeInputs } from './type-inputs';

/** Version of the stored format. */
const FORMAT = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
const KEEP_UNUSED_MS = 30 * DAY_MS;
/** A replaced bundle is only read by runs that have begun with it. */
const KEEP_REPLACED_MS = DAY_MS;

interface Entry {
  /** Content hash of the bundle, which is part of the name of its file. */
  bundleHash: string;
  workflowTypes: string[];
  sharesModuleState: boolean;
  /** Content hash of every file that went into the bundle. */
  inputs: Record<string, string>;
  /** Paths at which the bundler found no file. A file there would take precedence over the one that was found instead. */
  absent: string[];
  typeInputs: TypeInputs;
}

/** A bundle on disk. */
export interface CachedBundle extends HashedFile {
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
  /** The files whose counters the bundle holds, if it is instrumented. */
  instrumented: readonly InstrumentedFile[];
  /** Time at which the bundler began to read (epoch ms): a later change may or may not be in the bundle. */
  beganAt: number;
}

export interface BundleCache {
  /** Hash of the options and versions. */
  readonly key: string;
  /** False if a bundle depends on code that cannot be hashed: a `webpackConfigHook` of unknown sources, without a `cacheKey`. */
  readonly usable: boolean;
  /** Returns the bundle of the current inputs, or null if it is not in the cache or damaged there. */
  find(): Promise<CachedBundle | null>;
  /** Stores a bundle. If the cache cannot be written, the bundle lies in a temporary directory instead. @throws OUTPUT_FAILED */
  store(bundle: NewBundle): Promise<CachedBundle>;
}

/**
 * Opens the cache of a project's bundles. The hash of the options and of the versions of Node and the SDK leads to an
 * index, which holds the content hashes of the last build's inputs. The bundle is used only if each input is unchanged.
 * Files are written aside and renamed, so that concurrent runs do not harm each other. Each is checked by its hash when it is
 * read, so that a damaged one counts as none.
 */
export function openBundleCache(
  directory: string,
  project: BundleSource,
  { coverage }: { coverage: boolean },
): BundleCache {
  const shape = shapeOf(project);
  const key = contentHash(
    JSON.stringify({ ...keyOf(project), shape, ...(coverage && { coverage: instrumenterVersion() }) }),
  );
  const paths = { directory, indexPath: join(directory, `${key}.json`), key };
  return {
    key,
    usable: shape !== null,
    find: () => find(paths, { coverage }),
    async store(bundle) {
      return writeToCache(directory, async (used) => {
        const file = await writeBundleFile(used, key, bundle.code);
        if (coverage) await writeCoverageData(file.path, bundle.instrumented);
        // Only the cache has an index: the temporary directory ends with this process.
        if (used === directory) await writeIndex(paths, file, bundle);
        const { workflowTypes, sharesModuleState, inputs, typeInputs } = bundle;
        return { ...file, workflowTypes, sharesModuleState, inputs, typeInputs };
      });
    },
  };
}

interface EntryPaths {
  directory: string;
  indexPath: string;
  key: string;
}

async function find(
  { directory, indexPath, key }: EntryPaths,
  { coverage }: { coverage: boolean },
): Promise<CachedBundle | null> {
  const index = await readChecked(indexPath, key);
  if (index === null) return null;
  if (index === 'damaged') return removeDamaged(directory, indexPath);
  const entry = JSON.parse(index.text) as Entry;
  if (!(await isUnchanged(entry))) return null;
  const file = bundleFile(directory, key, entry.bundleHash);
  if (!(await isIntact(file))) return removeDamaged(directory, file.path);
  if (coverage && !(await hasReadableCoverageData(file.path))) return null;
  // The times tell which entries are unused. They cannot be set in a cache that may only be read.
  const now = new Date();
  for (const path of [file.path, indexPath]) await utimes(path, now, now).catch(() => undefined);
  const { workflowTypes, sharesModuleState, inputs, typeInputs } = entry;
  return { ...file, workflowTypes, sharesModuleState, inputs: Object.keys(inputs), typeInputs };
}

/** Removes a damaged file, or whatever is in its place, so that a new one can be written there. */
async function removeDamaged(directory: string, path: string): Promise<null> {
  warnOfCache(directory, `${path} is damaged or missing, so it is built again`);
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
  return null;
}

async function writeIndex(
  { directory, indexPath, key }: EntryPaths,
  { hash }: HashedFile,
  { workflowTypes, sharesModuleState, inputs, absent, typeInputs, beganAt }: NewBundle,
): Promise<void> {
  await removeUnused(directory, key);
  // A changed input may not be what was read, so an index would pair the bundle with content that it was not made of.
  if (await isAnyChangedSince(beganAt, inputs)) return;
  const hashes = await Promise.all(inputs.map(async (path) => [path, await hashFile(path)] as const));
  const entry: Entry = {
    bundleHash: hash,
    workflowTypes,
    sharesModuleState,
    inputs: Object.fromEntries(hashes.flatMap(([path, sum]) => (sum === null ? [] : [[path, sum]]))),
    absent,
    typeInputs,
  };
  await writeChecked(indexPath, JSON.stringify(entry), key);
}

async function hashFile(path: string): Promise<string | null> {
  try {
    return contentHash(await readRegularFile(path));
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

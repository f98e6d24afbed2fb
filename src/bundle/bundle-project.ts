import { existsSync, statSync } from 'node:fs';
import type { InstrumentedFile } from '../coverage/instrument';
import { messageOf } from '../errors';
import type { CodeFailure } from '../model/code-failure';
import { isBundleEntry, isInPackage } from '../source/own-source';
import type { HashedFile } from '../util/hashed-file';
import type { BundleSource } from '../worker-options/bundle-source';
import { type BundleCache, type CachedBundle, openBundleCache } from './cache';
import type { ModuleMemory, ProjectMemory } from './module-memory';
import { BundlerError } from './bundler-error';
import { placeOfError } from './place-of-error';
import type { BundledFiles } from './run-bundler';
import type { SourceOverlay } from './source-overlay';
import type { TypeInputs } from './type-inputs';

/** A bundle on disk, or the reason why there is none. */
export type BundleResult = {
  /** The files that it was made of. */
  inputs: readonly string[];
} & (
  | (HashedFile & {
      workflowTypes: readonly string[];
      /** True if a reused V8 context cannot keep the state of its modules apart. */
      sharesModuleState: boolean;
      typeInputs: TypeInputs;
      cached: boolean;
    })
  | {
      failure: CodeFailure;
      /** Paths at which the bundler found no file: a file at one of them may be what the bundle lacks. */
      missing: readonly string[];
    }
);

export interface BundleSettings {
  cache: boolean;
  cacheDir: string;
  /** Instrument the workflow code, and keep beside the bundle what the counters stand for. @default false */
  coverage?: boolean;
  /** The modules of earlier builds in this process. */
  memory?: ModuleMemory | undefined;
  /** Texts that stand in for those of files. The bundle then goes to the overlay's own directory, not to the cache. */
  overlay?: SourceOverlay | undefined;
}

/**
 * Bundles a project's workflow code as its worker would, or takes the bundle from the cache. Code that cannot be bundled or loaded is
 * a result, not an error.
 *
 * @throws CONFIG_INVALID, OUTPUT_FAILED; BUNDLE_FAILED if the machine is at fault
 */
export async function bundleProject(project: BundleSource, settings: BundleSettings): Promise<BundleResult> {
  const files: BundledFiles = { inputs: new Set(), missing: new Set() };
  try {
    const { bundle, bundleCode } = project;
    if (bundle !== null)
      return { inputs: [bundle], ...(await prebuilt().readPrebuiltBundle(bundle, settings.cacheDir)) };
    if (bundleCode !== undefined)
      return { inputs: [], ...(await prebuilt().keepPrebuiltBundle(bundleCode, settings.cacheDir)) };
    const { coverage = false, overlay } = settings;
    const cache = openBundleCache(overlay?.bundleDir ?? settings.cacheDir, project, { coverage });
    const known = settings.cache && !overlay && cache.usable ? await cache.find() : null;
    if (known) return { ...known, cached: true };
    const built = await buildInto(cache, project, files, {
      coverage,
      overlay,
      memory: memoryFor(cache, settings),
    });
    return { ...built, cached: false };
  } catch (err) {
    // Anything else, such as a full disk, says nothing about the code.
    if (!(err instanceof BundlerError)) throw err;
    const missing = [...files.missing].filter((path) => !isInPackage(path));
    return { inputs: [...files.inputs].filter(isInput), missing, failure: err.failure };
  }
}

/** Returns no memory for a project with a `webpackConfigHook` of unknown sources, which can make the build depend on anything. */
const memoryFor = ({ usable, key }: BundleCache, { memory }: BundleSettings): ProjectMemory | null =>
  memory && usable ? memory.of(key) : null;

/** Loads what reads bundles of the user. Most runs take a bundle from the cache, and build or read none. */
const prebuilt = (): typeof import('./prebuilt-bundle') =>
  require('./prebuilt-bundle') as typeof import('./prebuilt-bundle');

/** The name of a bundle in the stacks of errors that its code throws while it is loaded. */
const BUNDLE_NAME = 'workflow-bundle.js';

async function buildInto(
  cache: BundleCache,
  project: BundleSource,
  files: BundledFiles,
  {
    coverage,
    memory,
    overlay,
  }: { coverage: boolean; memory: ProjectMemory | null; overlay: SourceOverlay | undefined },
): Promise<CachedBundle> {
  const { runBundler } = require('./run-bundler') as typeof import('./run-bundler');
  const { workflowTypesOf } = require('../sdk/workflow-types') as typeof import('../sdk/workflow-types');
  const { sharesModuleState } =
    require('../sdk/module-isolation') as typeof import('../sdk/module-isolation');
  const beganAt = Date.now();
  const instrumented: InstrumentedFile[] = [];
  const onInstrumented = coverage ? (file: InstrumentedFile) => instrumented.push(file) : null;
  const built = runBundler(project, files, { onInstrumented, memory, overlay: overlay ?? null });
  const { code, typeInputs } = await built.finally(() =>
    memory?.settle([...files.inputs].filter(isInput), [...files.missing], beganAt),
  );
  let workflowTypes: string[];
  try {
    workflowTypes = workflowTypesOf(code, BUNDLE_NAME);
  } catch (err) {
    const place = placeOfError(err, code, BUNDLE_NAME);
    const at = place === null ? '' : ` (${place})`;
    const summary = `The bundle of ${project.name} cannot be loaded: ${messageOf(err)}${at}`;
    throw new BundlerError({ summary, details: null }, err);
  }
  const inputs = [...files.inputs].filter(isInput).sort();
  const absent = [...files.missing].filter((path) => !existsSync(path)).sort();
  return cache.store({
    code,
    workflowTypes,
    sharesModuleState: sharesModuleState(code, BUNDLE_NAME),
    inputs,
    absent,
    typeInputs,
    instrumented,
    beganAt,
  });
}

/**
 * Returns true for a file. Webpack also names directories, and the SDK's entry point. A path where nothing is any more
 * was a file.
 */
const isInput = (path: string): boolean =>
  !isBundleEntry(path) && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);

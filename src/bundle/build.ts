import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { existsSync, statSync } from 'node:fs';
import type { BundleOptions } from '@temporalio/worker';
import { messageOf } from '../errors';
import type { ResolvedProject } from '../options/resolve';
import { writeFileAtomic } from '../util/atomic-file';
import { type BundleCache, type CachedBundle, openBundleCache } from './cache';
import { workflowTypesOf } from './workflow-types';

/** A bundle that stands ready on disk, or why it doesn't. */
export type BundleResult = {
  /** The files that it was made of. */
  inputs: readonly string[];
} & ({ path: string; workflowTypes: readonly string[]; cached: boolean } | { failure: string });

export interface BundleSettings {
  cache: boolean;
  cacheDir: string;
}

/** Bundles a project's workflow code as its worker would, or takes it from the cache. Failing is a result, not an error. */
export async function bundleProject(
  project: ResolvedProject,
  settings: BundleSettings,
): Promise<BundleResult> {
  const inputs = new Set<string>();
  const absent = new Set<string>();
  try {
    if (project.bundle !== null)
      return { inputs: [project.bundle], ...(await readPrebuilt(project.bundle, settings.cacheDir)) };
    const cache = openBundleCache(settings.cacheDir, project);
    const known = settings.cache && cache.usable ? await cache.find() : null;
    if (known) return { ...known, cached: true };
    return { ...(await buildInto(cache, project, { inputs, absent })), cached: false };
  } catch (err) {
    return { inputs: [...inputs].filter(isFile), failure: messageOf(err) };
  }
}

type Prebuilt = { path: string; workflowTypes: readonly string[]; cached: false } | { failure: string };

async function readPrebuilt(path: string, cacheDir: string): Promise<Prebuilt> {
  let code: string;
  try {
    code = await readFile(path, 'utf8');
  } catch (err) {
    return { failure: `The bundle ${path} cannot be read: ${messageOf(err)}` };
  }
  try {
    const workflowTypes = workflowTypesOf(code, path);
    return { path: await withSourceMap(path, code, cacheDir), workflowTypes, cached: false };
  } catch (err) {
    return { failure: `The bundle ${path} cannot be loaded: ${messageOf(err)}` };
  }
}

async function buildInto(
  cache: BundleCache,
  project: ResolvedProject,
  lookedFor: LookedFor,
): Promise<CachedBundle> {
  const code = await runBundler(project, lookedFor);
  let workflowTypes: string[];
  try {
    workflowTypes = workflowTypesOf(code, 'workflow-bundle.js');
  } catch (err) {
    throw new Error(`The bundle of ${project.name} cannot be loaded: ${messageOf(err)}`, { cause: err });
  }
  return cache.store({
    code,
    workflowTypes,
    inputs: [...lookedFor.inputs].filter(isFile).sort(),
    absent: [...lookedFor.absent].filter((path) => !existsSync(path)).sort(),
  });
}

const SOURCE_MAP = '//# sourceMappingURL=data:';
const EMPTY_SOURCE_MAP = { version: 3, file: 'workflow-bundle.js', sources: [], names: [], mappings: '' };

/** The SDK takes no bundle without an inline source map; an empty one lets it be replayed, without places in the source. */
async function withSourceMap(path: string, code: string, cacheDir: string): Promise<string> {
  if (code.includes(SOURCE_MAP)) return path;
  const map = Buffer.from(JSON.stringify(EMPTY_SOURCE_MAP)).toString('base64');
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 32);
  const copy = join(cacheDir, `unmapped-${hash}.js`);
  await mkdir(cacheDir, { recursive: true });
  await writeFileAtomic(copy, `${code}\n${SOURCE_MAP}application/json;base64,${map}`);
  return copy;
}

/** Webpack names directories too, up to the root of the file system. */
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

interface Compiler {
  hooks: { afterCompile: { tap(name: string, fn: (compilation: Compilation) => void): void } };
}
interface Compilation {
  fileDependencies: Iterable<string>;
  missingDependencies: Iterable<string>;
}

/** The paths that webpack read, and those that it found nothing at. */
interface LookedFor {
  inputs: Set<string>;
  absent: Set<string>;
}

/** Loads the worker package only here: a run whose bundle is cached starts 0.4 s sooner without it. */
async function runBundler(project: ResolvedProject, { inputs, absent }: LookedFor): Promise<string> {
  const { DefaultLogger, bundleWorkflowCode } = await import('@temporalio/worker');
  const complaints: string[] = [];
  const collectInputs = {
    apply: (compiler: Compiler) =>
      compiler.hooks.afterCompile.tap('temporal-replay', (compilation) => {
        for (const path of compilation.fileDependencies) inputs.add(path);
        for (const path of compilation.missingDependencies) absent.add(path);
      }),
  };
  const { webpackConfigHook = (config) => config, ...bundlerOptions } = project.bundlerOptions;
  const options: BundleOptions = {
    ...bundlerOptions,
    workflowsPath: project.workflowsPath!,
    workflowInterceptorModules: [...project.workflowInterceptors],
    ...(project.payloadConverter !== null && { payloadConverterPath: project.payloadConverter }),
    ...(project.failureConverter !== null && { failureConverterPath: project.failureConverter }),
    logger: new DefaultLogger('ERROR', ({ message }) => complaints.push(message)),
    webpackConfigHook: (config) => {
      const hooked = webpackConfigHook(config);
      return { ...hooked, plugins: [...(hooked.plugins ?? []), collectInputs as never] };
    },
  };
  try {
    return (await bundleWorkflowCode(options)).code;
  } catch (err) {
    const reason = webpackErrorsIn(complaints.join('\n')) ?? messageOf(err);
    throw new Error(`The workflow code of ${project.name} cannot be bundled: ${reason}`, { cause: err });
  }
}

const MAX_REASON_LENGTH = 1_000;

/** Webpack's statistics list every asset before they come to the point. */
function webpackErrorsIn(output: string): string | undefined {
  // eslint-disable-next-line no-control-regex
  const plain = output.replace(/\u001b\[[\d;]*m/g, '');
  const errors = /^ERROR in [\s\S]*?(?=^webpack \d|$(?![\s\S]))/m.exec(plain)?.[0].trim();
  return errors?.slice(0, MAX_REASON_LENGTH);
}

import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { existsSync, statSync } from 'node:fs';
import type { BundleOptions } from '@temporalio/worker';
import { hasCoverageData, writeCoverageData } from '../coverage/coverage-data';
import { coverageRule } from '../coverage/coverage-rule';
import type { InstrumentedFile } from '../coverage/instrument';
import { messageOf } from '../errors';
import type { ResolvedProject } from '../options/resolve';
import { writeFileAtomic } from '../util/atomic-file';
import { type BundleCache, type CachedBundle, openBundleCache } from './cache';
import { withConverterPaths } from './converter-paths';
import type { ModuleMemory, ProjectMemory } from './module-memory';
import { ALL_INPUTS_OF_ALL_TYPES, type TypeInputs, TypeInputsPlugin } from './type-inputs';
import { workflowTypesOf } from './workflow-types';

/** A bundle that stands ready on disk, or why it doesn't. */
export type BundleResult = {
  /** The files that it was made of. */
  inputs: readonly string[];
} & (
  | { path: string; workflowTypes: readonly string[]; typeInputs: TypeInputs; cached: boolean }
  | {
      failure: string;
      /** Files that were looked for in vain: one of them may be what it lacks. */
      missing: readonly string[];
    }
);

export interface BundleSettings {
  cache: boolean;
  cacheDir: string;
  /** Instrument the workflow code; what its counters stand for is kept beside the bundle. */
  coverage?: boolean;
  /** For builds that follow one another in one process. */
  memory?: ModuleMemory | undefined;
}

/** Bundles a project's workflow code as its worker would, or takes it from the cache. Failing is a result, not an error. */
export async function bundleProject(given: ResolvedProject, settings: BundleSettings): Promise<BundleResult> {
  const files: BundledFiles = { inputs: new Set(), missing: new Set() };
  try {
    if (given.bundle !== null)
      return { inputs: [given.bundle], ...(await readPrebuilt(given.bundle, settings.cacheDir)) };
    const project = await withConverterPaths(given);
    const { coverage = false } = settings;
    const cache = openBundleCache(settings.cacheDir, project, { coverage });
    const known = settings.cache && cache.usable ? await cache.find() : null;
    if (known && (!coverage || hasCoverageData(known.path))) return { ...known, cached: true };
    const built = await buildInto(cache, project, files, { coverage, memory: memoryFor(cache, settings) });
    return { ...built, cached: false };
  } catch (err) {
    const missing = [...files.missing].filter((path) => !/[\\/]node_modules[\\/]/.test(path));
    return { inputs: [...files.inputs].filter(isInput), missing, failure: messageOf(err) };
  }
}

/** None where a `webpackConfigHook` can make the build depend on anything. */
const memoryFor = ({ usable, key }: BundleCache, { memory }: BundleSettings): ProjectMemory | null =>
  memory && usable ? memory.of(key) : null;

/** What the bundler looked at; absolute paths. */
interface BundledFiles {
  inputs: Set<string>;
  missing: Set<string>;
}

type Prebuilt =
  | { path: string; workflowTypes: readonly string[]; typeInputs: TypeInputs; cached: false }
  | { failure: string; missing: [] };

async function readPrebuilt(path: string, cacheDir: string): Promise<Prebuilt> {
  let code: string;
  try {
    code = await readFile(path, 'utf8');
  } catch (err) {
    return { failure: `The bundle ${path} cannot be read: ${messageOf(err)}`, missing: [] };
  }
  try {
    const workflowTypes = workflowTypesOf(code, path);
    const mapped = await withSourceMap(path, code, cacheDir);
    return { path: mapped, workflowTypes, typeInputs: ALL_INPUTS_OF_ALL_TYPES, cached: false };
  } catch (err) {
    return { failure: `The bundle ${path} cannot be loaded: ${messageOf(err)}`, missing: [] };
  }
}

async function buildInto(
  cache: BundleCache,
  project: ResolvedProject,
  files: BundledFiles,
  { coverage, memory }: { coverage: boolean; memory: ProjectMemory | null },
): Promise<CachedBundle> {
  const beganAt = Date.now();
  const instrumented: InstrumentedFile[] = [];
  const onInstrumented = coverage ? (file: InstrumentedFile) => instrumented.push(file) : null;
  const built = runBundler(project, files, { onInstrumented, memory });
  const { code, typeInputs } = await built.finally(() =>
    memory?.settle([...files.inputs].filter(isInput), [...files.missing], beganAt),
  );
  let workflowTypes: string[];
  try {
    workflowTypes = workflowTypesOf(code, 'workflow-bundle.js');
  } catch (err) {
    throw new Error(`The bundle of ${project.name} cannot be loaded: ${messageOf(err)}`, { cause: err });
  }
  const inputs = [...files.inputs].filter(isInput).sort();
  const absent = [...files.missing].filter((path) => !existsSync(path)).sort();
  const stored = await cache.store({ code, workflowTypes, inputs, absent, typeInputs, beganAt });
  if (coverage) await writeCoverageData(stored.path, instrumented);
  return stored;
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

/**
 * Webpack names directories too, up to the root of the file system, and the SDK adds an entry point that is on no disk. A
 * file that has gone since was one.
 */
const isInput = (path: string): boolean =>
  !/-autogenerated-entrypoint\.cjs$/.test(path) &&
  (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);

interface Compiler {
  hooks: { afterCompile: { tap(name: string, fn: (compilation: Compilation) => void): void } };
}
interface Compilation {
  fileDependencies: Iterable<string>;
  missingDependencies: Iterable<string>;
}

/** What a build does beside bundling. */
interface Extensions {
  onInstrumented: ((file: InstrumentedFile) => void) | null;
  memory: ProjectMemory | null;
}

/**
 * Loads the worker package only here: a run whose bundle is cached starts 0.4 s sooner without it. By `require`, since jest's
 * realm knows no `import()`.
 */
async function runBundler(
  project: ResolvedProject,
  files: BundledFiles,
  { onInstrumented, memory }: Extensions,
): Promise<{ code: string; typeInputs: TypeInputs }> {
  const { DefaultLogger, bundleWorkflowCode } =
    require('@temporalio/worker') as typeof import('@temporalio/worker');
  const complaints: string[] = [];
  const collectInputs = {
    apply: (compiler: Compiler) =>
      compiler.hooks.afterCompile.tap('temporal-replay', (compilation) => {
        for (const path of compilation.fileDependencies) files.inputs.add(path);
        for (const path of compilation.missingDependencies) files.missing.add(path);
      }),
  };
  const typeInputs = new TypeInputsPlugin(project.workflowsPath!);
  const { webpackConfigHook = (config) => config, ...bundlerOptions } = project.bundlerOptions;
  const options: BundleOptions = {
    ...bundlerOptions,
    workflowsPath: project.workflowsPath!,
    workflowInterceptorModules: [...project.workflowInterceptors],
    ...(project.payloadConverter !== null && { payloadConverterPath: project.payloadConverter }),
    ...(project.failureConverter !== null && { failureConverterPath: project.failureConverter }),
    logger: new DefaultLogger('ERROR', ({ message }) => complaints.push(message)),
    webpackConfigHook: (config) => {
      const hooked = memory ? memory.configure(webpackConfigHook(config)) : webpackConfigHook(config);
      const rules = onInstrumented ? [coverageRule(onInstrumented) as never] : [];
      return {
        ...hooked,
        plugins: [...(hooked.plugins ?? []), collectInputs as never, typeInputs as never],
        module: { ...hooked.module, rules: [...(hooked.module?.rules ?? []), ...rules] },
      };
    },
  };
  try {
    const { code } = await bundleWorkflowCode(options);
    return { code, typeInputs: typeInputs.found };
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

import type { BundleOptions } from '@temporalio/worker';
import { coverageRule } from '../coverage/coverage-rule';
import type { InstrumentedFile } from '../coverage/instrument';
import { TemporalReplayError, isTemporalReplayError, messageOf } from '../errors';
import { withoutPackageSourceMaps } from '../sdk/package-source-maps';
import { withTypeScriptRules } from '../sdk/typescript-rules';
import { workflowBundler } from '../sdk/workflow-bundler';
import type { BundleSource } from '../worker-options/bundle-source';
import { BundlerError } from './bundler-error';
import { isFaultOfMachine } from './machine-fault';
import type { ProjectMemory } from './module-memory';
import { type SourceOverlay, overlayRule } from './source-overlay';
import type { TypeInputs } from './type-inputs';
import { type Aliases, TsConfigPathsPlugin } from './tsconfig-paths-plugin';
import { TypeInputsPlugin } from './type-inputs-plugin';

/** The files that the bundler looked at. Absolute paths. */
export interface BundledFiles {
  inputs: Set<string>;
  /** Paths at which the bundler found no file. */
  missing: Set<string>;
}

/** Additions to a build. */
export interface BuildExtensions {
  /** Called for each file of workflow code, which is then instrumented; null to instrument none. */
  onInstrumented: ((file: InstrumentedFile) => void) | null;
  memory: ProjectMemory | null;
  overlay: SourceOverlay | null;
}

interface Compiler {
  hooks: { afterCompile: { tap(name: string, fn: (compilation: Compilation) => void): void } };
}
interface Compilation {
  modules: Iterable<{ buildInfo?: { buildDependencies?: Iterable<string> } | null }>;
  fileDependencies: Iterable<string>;
  missingDependencies: Iterable<string>;
}

/**
 * Bundles a project with the SDK's bundler, and adds the files that it looked at to `files`, also when it fails.
 *
 * @throws BundlerError; CONFIG_INVALID if the project's `webpackConfigHook` throws; BUNDLE_FAILED if the machine is at fault
 */
export async function runBundler(
  project: BundleSource,
  files: BundledFiles,
  { onInstrumented, memory, overlay }: BuildExtensions,
): Promise<{ code: string; typeInputs: TypeInputs }> {
  // It is loaded here, so that a run whose bundle is cached does without it.
  const { DefaultLogger, bundleWorkflowCode } = workflowBundler();
  const complaints: string[] = [];
  const typeInputs = new TypeInputsPlugin(project.workflowsPath!);
  const { TsConfigFiles } = require('../util/tsconfig-of-file') as typeof import('../util/tsconfig-of-file');
  const tsConfigs = new TsConfigFiles();
  const tsConfig = tsConfigs.of(project.workflowsPath!);
  for (const path of tsConfig.files) files.inputs.add(path);
  for (const path of tsConfig.absent) files.missing.add(path);
  const { webpackConfigHook = (config) => config, ...bundlerOptions } = project.bundlerOptions;
  const options: BundleOptions = {
    ...bundlerOptions,
    workflowsPath: project.workflowsPath!,
    workflowInterceptorModules: [...project.workflowInterceptors],
    ...(project.payloadConverter !== null && { payloadConverterPath: project.payloadConverter }),
    ...(project.failureConverter !== null && { failureConverterPath: project.failureConverter }),
    logger: new DefaultLogger('ERROR', ({ message }) => complaints.push(message)),
    webpackConfigHook: (config) => {
      const typed = withTypeScriptRules(config, tsConfig.config?.compilerOptions ?? {});
      const own = withoutPackageSourceMaps(configured(project.name, () => webpackConfigHook(typed)));
      const hooked = memory ? memory.configure(own) : own;
      const rules = [
        ...(onInstrumented ? [coverageRule(onInstrumented)] : []),
        ...(overlay ? [overlayRule(overlay)] : []),
      ] as never[];
      const plugins = [collectFiles(files), typeInputs] as never[];
      return {
        ...hooked,
        plugins: [...(hooked.plugins ?? []), ...plugins],
        resolve: {
          ...hooked.resolve,
          plugins: [
            ...(hooked.resolve?.plugins ?? []),
            new TsConfigPathsPlugin(tsConfigs, (hooked.resolve?.alias ?? {}) as Aliases) as never,
          ],
        },
        module: { ...hooked.module, rules: [...(hooked.module?.rules ?? []), ...rules] },
      };
    },
  };
  try {
    const { code } = await bundleWorkflowCode(options);
    return { code, typeInputs: typeInputs.found };
  } catch (err) {
    if (isTemporalReplayError(err)) throw err;
    const reason = webpackErrorsIn(complaints.join('\n')) ?? messageOf(err);
    const notes = tsConfigs
      .incomplete()
      .map((path) => `${path} extends a file that cannot be read, so the aliases of that are not known.`);
    const summary = `The workflow code of ${project.name} cannot be bundled`;
    if (isFaultOfMachine(reason))
      throw new TemporalReplayError('BUNDLE_FAILED', `${summary}: ${reason}`, {
        cause: err,
        hint: 'The machine is at fault, and nothing is known of the code: look at its limits, its memory, its disk and its permissions.',
      });
    throw new BundlerError({ summary, details: [reason, ...notes].join('\n') }, err);
  }
}

/** Returns what a hook of the configuration returns. @throws CONFIG_INVALID with its error, which is none of the workflow code */
function configured<T>(project: string, hook: () => T): T {
  try {
    return hook();
  } catch (err) {
    const message = `The webpackConfigHook of ${project} failed: ${messageOf(err)}`;
    throw new TemporalReplayError('CONFIG_INVALID', message, { cause: err });
  }
}

/** Returns a plugin of webpack that adds the files of a compilation. */
const collectFiles = (files: BundledFiles): object => ({
  apply: (compiler: Compiler) =>
    compiler.hooks.afterCompile.tap('temporal-replay', (compilation) => {
      for (const path of compilation.fileDependencies) files.inputs.add(path);
      // The files of loaders are in no other list.
      for (const { buildInfo } of compilation.modules)
        for (const path of buildInfo?.buildDependencies ?? []) files.inputs.add(path);
      for (const path of compilation.missingDependencies) files.missing.add(path);
    }),
});

const MAX_REASON_LENGTH = 1_000;

/** Returns the errors in the statistics of webpack, which list every asset first. */
function webpackErrorsIn(output: string): string | undefined {
  // eslint-disable-next-line no-control-regex
  const plain = output.replace(/\u001b\[[\d;]*m/g, '');
  const errors = /^ERROR in [\s\S]*?(?=^webpack \d|$(?![\s\S]))/m.exec(plain)?.[0].trim();
  return errors?.slice(0, MAX_REASON_LENGTH);
}

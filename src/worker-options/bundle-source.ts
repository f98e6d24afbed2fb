import type { BundleOptions, BundlerPlugin } from '@temporalio/worker';
import { resolve } from 'node:path';
import { messageOf } from '../errors';
import { modulesOf, rememberModulesOf } from '../util/modules-of-function';
import { locateModule } from '../util/locate-module';
import type { ResolvedProject } from '../options/resolve';
import type { ConfiguredWorker } from './configured-worker';
import { workerOptionsError } from './load-export';

/** Everything that the bundle of a project is made of. Paths are absolute. */
export interface BundleSource extends Pick<
  ResolvedProject,
  | 'name'
  | 'workflowsPath'
  | 'bundle'
  | 'workflowInterceptors'
  | 'payloadConverter'
  | 'failureConverter'
  | 'bundlerOptions'
  | 'cacheKey'
> {
  /** Code of a prebuilt bundle that is not in a file. */
  bundleCode?: string;
}

/**
 * Returns what the bundle of a worker is made of, as `Worker.create` would make it: plugins configure the bundler of source code, and a
 * prebuilt bundle stays as it is.
 *
 * @throws WORKER_OPTIONS
 */
export function bundleSourceOf(project: ResolvedProject, worker: ConfiguredWorker): BundleSource {
  const { workflowBundle } = worker.options;
  const converters = {
    payloadConverter: worker.payloadConverterPath,
    failureConverter: worker.failureConverterPath,
  };
  if (workflowBundle) {
    const { code, codePath } = workflowBundle as { code?: string; codePath?: string };
    const bundle = codePath === undefined ? null : resolve(codePath);
    const bundleCode = bundle === null && code !== undefined ? { bundleCode: code } : {};
    return { ...project, ...converters, workflowsPath: null, bundle, ...bundleCode };
  }
  const options = bundleOptionsOf(project, worker);
  const { workflowInterceptorModules = [], payloadConverterPath, failureConverterPath } = options;
  const { ignoreModules, preloadModules, webpackConfigHook } = options;
  if (webpackConfigHook) rememberOrigin(webpackConfigHook, project);
  return {
    name: project.name,
    workflowsPath: project.workflowsPath ?? located(options.workflowsPath),
    bundle: null,
    workflowInterceptors: [...new Set(workflowInterceptorModules)],
    payloadConverter: payloadConverterPath ?? null,
    failureConverter: failureConverterPath ?? null,
    cacheKey: project.cacheKey,
    bundlerOptions: {
      ...(ignoreModules && { ignoreModules }),
      ...(preloadModules && { preloadModules }),
      ...(webpackConfigHook && { webpackConfigHook }),
    },
  };
}

/** Remembers the modules of a hook that plugins may have made of others, if all of them are known. */
function rememberOrigin(hook: object, { worker, plugins, bundlerOptions }: ResolvedProject): void {
  const own = bundlerOptions.webpackConfigHook;
  const known = own ? modulesOf(own) : [];
  const modules = [worker, plugins].filter((path) => path !== null);
  if (hook !== own && known) rememberModulesOf(hook, [...known, ...modules]);
}

function bundleOptionsOf(project: ResolvedProject, worker: ConfiguredWorker): BundleOptions {
  const { workflowsPath, interceptors, bundlerOptions, plugins = [] } = worker.options;
  if (workflowsPath === undefined)
    throw workerOptionsError(
      `The worker options of ${project.name} name no workflow code: they have neither workflowsPath nor workflowBundle.`,
      'A worker of activities has nothing to replay. Else add workflowsPath, or give it beside `worker`.',
    );
  let options: BundleOptions = {
    ...{ workflowsPath, workflowInterceptorModules: [...(interceptors?.workflowModules ?? [])] },
    ...(worker.payloadConverterPath !== null && { payloadConverterPath: worker.payloadConverterPath }),
    ...(worker.failureConverterPath !== null && { failureConverterPath: worker.failureConverterPath }),
    ...bundlerOptions,
    ...project.bundlerOptions,
    plugins,
  };
  for (const plugin of plugins) {
    try {
      options = (plugin as BundlerPlugin).configureBundler?.(options) ?? options;
    } catch (err) {
      throw workerOptionsError(
        `The plugin ${plugin.name} cannot configure the bundler: ${messageOf(err)}`,
        'The worker of the service would fail in the same way.',
        err,
      );
    }
  }
  return options;
}

/** Returns the path of workflow code. Options that are written for compiled code may name a file that is TypeScript here. */
function located(path: string): string {
  const directory = process.cwd();
  const uncompiled = path.replace(/\.([cm]?)js$/, '.$1ts');
  return locateModule(path, directory) ?? locateModule(uncompiled, directory) ?? resolve(path);
}

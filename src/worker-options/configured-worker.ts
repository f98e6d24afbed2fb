import type { DataConverter, PayloadCodec } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import { loadDataConverter } from '../sdk/load-data-converter';
import { type GivenOptions, applyPlugins } from './apply-plugins';
import {
  DEFAULT_LOAD_SETTINGS,
  type LoadSettings,
  fileOf,
  loadExport,
  workerOptionsError,
} from './load-export';
import type { WorkerSource } from './worker-source';

/** The options of a service's worker, as its plugins leave them, that have a bearing on replay. */
export interface ConfiguredWorker {
  /** The options as they are, for the bundler's plugins. */
  options: GivenOptions;
  dataConverter: DataConverter;
  payloadCodecs: readonly PayloadCodec[];
  payloadConverterPath: string | null;
  failureConverterPath: string | null;
  /** If the worker reuses one V8 context; null if neither an option nor the worker's own module tells. */
  reuseV8Context: boolean | null;
  taskQueue: string | null;
  /** `<deployment name>.<build id>`, or the build id alone. */
  deploymentVersion: string | null;
  /** Namespace that the worker's module names. */
  namespace: string | null;
  /** Names of the errors that fail a workflow instead of its task, by workflow type or `*`. */
  failureErrorTypes: Readonly<Record<string, readonly string[]>>;
}

/** The SDK's default of `reuseV8Context`, which counts for a worker whose module leaves it out. */
const SDK_REUSES_CONTEXT = true;

/**
 * Makes the worker of a project: loads its module, puts the project's own options in the place of the module's, and lets the plugins
 * configure the result.
 *
 * @throws WORKER_OPTIONS, CONVERTER_INVALID
 */
export async function configuredWorker(
  source: WorkerSource,
  settings: LoadSettings = DEFAULT_LOAD_SETTINGS,
): Promise<ConfiguredWorker> {
  const ofModule = source.worker === null ? {} : await loadWorkerOptions(source.worker, settings);
  const given = { ...ofModule, ...(await ownOptions(source, ofModule, settings)) };
  const options = await applyPlugins(given, settings);
  const { dataConverter = {} } = options;
  return {
    options,
    dataConverter,
    payloadCodecs: dataConverter.payloadCodecs ?? [],
    // The project's own converters also count before those of plugins, since plugins don't see them.
    payloadConverterPath: source.payloadConverter ?? dataConverter.payloadConverterPath ?? null,
    failureConverterPath: source.failureConverter ?? dataConverter.failureConverterPath ?? null,
    reuseV8Context: options.reuseV8Context ?? (source.worker === null ? null : SDK_REUSES_CONTEXT),
    taskQueue: source.taskQueue ?? options.taskQueue ?? null,
    deploymentVersion: source.deploymentVersion ?? deploymentVersionOf(options),
    namespace: ofModule.namespace ?? null,
    failureErrorTypes: options.workflowFailureErrorTypes ?? {},
  };
}

async function loadWorkerOptions(path: string, settings: LoadSettings): Promise<GivenOptions> {
  const value = await loadExport(path, { name: 'workerOptions', kind: 'worker options' }, settings);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw workerOptionsError(
      `The worker options of ${fileOf(path)} must be an object, not ${describe(value)}.`,
      'Export what the service hands to Worker.create.',
    );
  return value as GivenOptions;
}

/** Returns the options that the project sets itself. */
async function ownOptions(
  { workflowsPath, bundle, workflowInterceptors, dataConverter, plugins, ...source }: WorkerSource,
  ofModule: GivenOptions,
  settings: LoadSettings,
): Promise<GivenOptions> {
  const { reuseV8Context, workflowFailureErrorTypes, taskQueue } = source;
  return {
    // The workflow code is one of the two, as in WorkerOptions.
    ...(workflowsPath !== null && { workflowsPath, workflowBundle: undefined }),
    ...(bundle !== null && { workflowsPath: undefined, workflowBundle: { codePath: bundle } }),
    ...(workflowInterceptors.length > 0 && {
      interceptors: { ...ofModule.interceptors, workflowModules: [...workflowInterceptors] },
    }),
    ...(dataConverter !== null && { dataConverter: await loadDataConverter(dataConverter, settings.load) }),
    ...(plugins !== null && { plugins: await loadPlugins(plugins, settings) }),
    ...(reuseV8Context !== null && { reuseV8Context }),
    ...(workflowFailureErrorTypes !== null && {
      workflowFailureErrorTypes: workflowFailureErrorTypes as never,
    }),
    ...(taskQueue !== null && { taskQueue }),
  } as GivenOptions;
}

async function loadPlugins(
  path: string,
  settings: LoadSettings,
): Promise<NonNullable<WorkerOptions['plugins']>> {
  const value = await loadExport(path, { name: 'plugins', kind: 'plugins' }, settings);
  const plugins: unknown[] = Array.isArray(value) ? value : [value];
  if (plugins.every((plugin) => typeof plugin === 'object' && plugin !== null)) return plugins as never;
  throw workerOptionsError(
    `The plugins of ${fileOf(path)} must be objects.`,
    'Export what the service hands to Worker.create as plugins.',
  );
}

function deploymentVersionOf({ workerDeploymentOptions, buildId }: GivenOptions): string | null {
  const version: unknown = workerDeploymentOptions?.version;
  if (version === undefined) return buildId ?? null;
  if (typeof version === 'string') return version;
  const { deploymentName, buildId: ofDeployment } = version as { deploymentName: string; buildId: string };
  return `${deploymentName}.${ofDeployment}`;
}

const describe = (value: unknown): string =>
  Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;

import type { ReplayWorkerOptions, WorkerOptions, WorkerPlugin } from '@temporalio/worker';
import { type LoadSettings, within, workerOptionsError } from './load-export';

/** The options of a worker; a project without a worker's module names only some of them. */
export type GivenOptions = Partial<WorkerOptions>;

/**
 * Lets the plugins change a worker's options, in the order of `Worker.create`: the worker's own plugins, then those of its connection.
 * A plugin that configures replay workers is asked for that, as by `Worker.runReplayHistories`. One that only configures live workers
 * is asked for that, because a live worker has what it adds, such as a codec.
 *
 * @throws WORKER_OPTIONS
 */
export async function applyPlugins(given: GivenOptions, settings: LoadSettings): Promise<GivenOptions> {
  const plugins = [...(given.plugins ?? []), ...pluginsOfConnection(given)];
  let options: GivenOptions = { ...given, plugins };
  for (const plugin of plugins) {
    const failed = `The plugin ${plugin.name} cannot configure the worker`;
    const configured = await within(settings, failed, async () => configuredBy(plugin, options));
    if (typeof configured !== 'object' || configured === null)
      throw workerOptionsError(`${failed}: it returned no options.`, 'A plugin returns the options it gets.');
    options = configured as GivenOptions;
  }
  return options;
}

const pluginsOfConnection = ({ connection }: GivenOptions): WorkerPlugin[] =>
  (connection as { plugins?: WorkerPlugin[] } | undefined)?.plugins ?? [];

function configuredBy(plugin: WorkerPlugin, options: GivenOptions): unknown {
  if (plugin.configureReplayWorker) return plugin.configureReplayWorker(options as ReplayWorkerOptions);
  return plugin.configureWorker ? plugin.configureWorker(options as WorkerOptions) : options;
}

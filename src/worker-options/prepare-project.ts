import type { ResolvedProject } from '../options/resolve';
import { checkConverter } from '../sdk/check-converter';
import { type BundleSource, bundleSourceOf } from './bundle-source';
import { type ConfiguredWorker, configuredWorker } from './configured-worker';
import { workerSourceOf } from './worker-source';

/** A project with its worker, of which nothing has been bundled yet. */
export interface PreparedProject {
  project: ResolvedProject;
  worker: ConfiguredWorker;
  source: BundleSource;
}

/**
 * Makes the worker of a project and loads its converters, so that their faults are found before anything is bundled.
 *
 * @throws WORKER_OPTIONS, CONVERTER_INVALID
 */
export async function prepareProject(project: ResolvedProject): Promise<PreparedProject> {
  const worker = await configuredWorker(workerSourceOf(project));
  const source = bundleSourceOf(project, worker);
  const { payloadConverter, failureConverter } = source;
  if (payloadConverter !== null) await checkConverter(payloadConverter, 'payloadConverter');
  if (failureConverter !== null) await checkConverter(failureConverter, 'failureConverter');
  return { project, worker, source };
}

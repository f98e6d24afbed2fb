import type { PayloadCodec } from '@temporalio/common';
import { TemporalReplayError, messageOf } from '../../errors';
import { isIntact } from '../../util/hashed-file';
import { configuredWorker } from '../../worker-options/configured-worker';
import { type ReplaySettings, replaySettingsOf } from '../../worker-options/replay-settings';
import type { BuiltProject, BundledProject, UnbuiltProject } from '../setup';

export type PayloadCodecs = readonly PayloadCodec[];

/** A project whose code can be replayed in this process. */
export type ReplayableProject = BuiltProject & { payloadCodecs: PayloadCodecs; settings: ReplaySettings };

/** A project as this process has loaded it. If it has a failure, all its histories fail with it. */
export type LoadedProject = ReplayableProject | UnbuiltProject;

/**
 * Makes the worker of a project in this process.
 *
 * @throws WORKER_OPTIONS if its modules cannot be loaded here; CACHE_DAMAGED if its bundle is no longer the one that was built
 */
export async function loadProject(project: BundledProject): Promise<LoadedProject> {
  if ('failure' in project) return project;
  if (!(await isIntact({ path: project.bundlePath, hash: project.bundleHash })))
    throw new TemporalReplayError(
      'CACHE_DAMAGED',
      `The bundle ${project.bundlePath} was changed during the run.`,
    );
  try {
    const worker = await configuredWorker(project.worker);
    return { ...project, payloadCodecs: worker.payloadCodecs, settings: replaySettingsOf(worker) };
  } catch (err) {
    const what = `The worker of ${project.name} cannot be made in a replay process`;
    throw new TemporalReplayError('WORKER_OPTIONS', `${what}: ${messageOf(err)}`, { cause: err });
  }
}

import type { PayloadCodec } from '@temporalio/common';
import { messageOf } from '../../errors';
import { configuredWorker } from '../../worker-options/configured-worker';
import { type ReplaySettings, replaySettingsOf } from '../../worker-options/replay-settings';
import type { BuiltProject, BundledProject, UnbuiltProject } from '../setup';

export type PayloadCodecs = readonly PayloadCodec[];

/** A project whose code can be replayed in this process. */
export type ReplayableProject = BuiltProject & { payloadCodecs: PayloadCodecs; settings: ReplaySettings };

/** A project as this process has loaded it. If it has a failure, all its histories fail with it. */
export type LoadedProject = ReplayableProject | UnbuiltProject;

/** Makes the worker of a project in this process. Returns an unbuilt project if its modules cannot be loaded. */
export async function loadProject(project: BundledProject): Promise<LoadedProject> {
  if ('failure' in project) return project;
  try {
    const worker = await configuredWorker(project.worker);
    return { ...project, payloadCodecs: worker.payloadCodecs, settings: replaySettingsOf(worker) };
  } catch (err) {
    const summary = `The worker of ${project.name} cannot be made in a replay process`;
    const { bundlePath: _, workflowTypes: __, typeInputs: ___, ...about } = project;
    return { ...about, failure: { summary, details: messageOf(err) }, missing: [] };
  }
}

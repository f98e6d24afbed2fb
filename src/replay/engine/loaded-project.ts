import type { PayloadCodec } from '@temporalio/common';
import { messageOf } from '../../errors';
import { payloadCodecsOf } from '../../sdk/load-data-converter';
import type { BuiltProject, BundledProject, UnbuiltProject } from '../setup';

export type PayloadCodecs = readonly PayloadCodec[];

/** A project whose code can be replayed in this process. */
export type ReplayableProject = BuiltProject & { payloadCodecs: PayloadCodecs };

/** A project as a process has loaded it; its failure is the failure of all its histories. */
export type LoadedProject = ReplayableProject | UnbuiltProject;

/** Loads what a project's replays need in this process. A data converter that cannot be loaded makes the project fail. */
export async function loadProject(project: BundledProject): Promise<LoadedProject> {
  if ('failure' in project) return project;
  const { name, dataConverter, namespace, inputs } = project;
  try {
    return { ...project, payloadCodecs: await payloadCodecsOf(dataConverter) };
  } catch (err) {
    const failure = `The data converter ${dataConverter} of ${name} cannot be loaded: ${messageOf(err)}`;
    return { name, dataConverter, namespace, inputs, failure, missing: [] };
  }
}

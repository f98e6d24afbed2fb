import type { PayloadCodec } from '@temporalio/common';
import { messageOf } from '../../errors';
import { payloadCodecsOf } from '../../sdk/load-data-converter';
import type { BuiltProject, BundledProject, UnbuiltProject } from '../setup';

export type PayloadCodecs = readonly PayloadCodec[];

/** A project whose code can be replayed in this process. */
export type ReplayableProject = BuiltProject & { payloadCodecs: PayloadCodecs };

/** A project as this process has loaded it. If it has a failure, all its histories fail with it. */
export type LoadedProject = ReplayableProject | UnbuiltProject;

/** Loads the payload codecs of a project. Returns an unbuilt project if its data converter cannot be loaded. */
export async function loadProject(project: BundledProject): Promise<LoadedProject> {
  if ('failure' in project) return project;
  const { name, dataConverter, namespace, inputs } = project;
  try {
    return { ...project, payloadCodecs: await payloadCodecsOf(dataConverter) };
  } catch (err) {
    const summary = `The data converter ${dataConverter} of ${name} cannot be loaded`;
    const failure = { summary, details: messageOf(err) };
    return { name, dataConverter, namespace, inputs, failure, missing: [] };
  }
}

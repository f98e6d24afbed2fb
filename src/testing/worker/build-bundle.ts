import { bundleProject } from '../../bundle/bundle-project';
import { TemporalReplayError } from '../../errors';
import { describeCodeFailure } from '../../model/code-failure';
import { contextsFor } from '../../model/v8-contexts';
import { loadConfigFile } from '../../options/load-config-file';
import {
  type ResolvedProject,
  type ResolvedReplayOptions,
  resolveReplayOptions,
} from '../../options/resolve';
import { namesWorkflowCode } from '../../options/workflow-code';
import { prepareProject } from '../../worker-options/prepare-project';
import { workerSourceOf } from '../../worker-options/worker-source';
import { bundleInputsOf } from './module-mocks';
import type { Bundle, BundleRequest } from './protocol';

/** Builds the workflow code of one project, or takes it from the cache. @throws CONFIG_INVALID, WORKER_OPTIONS, CONVERTER_INVALID, BUNDLE_FAILED */
export async function buildBundle(request: BundleRequest): Promise<Bundle> {
  const options = await optionsOf(request);
  const project = chosen(options.projects, request.project.name);
  return buildResolved(project, { ...options, coverage: request.coverage });
}

/** Returns the options of the requested code, or else those of the config file. @throws CONFIG_INVALID */
async function optionsOf({ project, cwd }: BundleRequest): Promise<ResolvedReplayOptions> {
  if (namesWorkflowCode(project)) return resolveReplayOptions(project, cwd);
  const { config, dir } = await loadConfigFile(cwd);
  return resolveReplayOptions(config, dir);
}

function chosen(projects: readonly ResolvedProject[], name: string | undefined): ResolvedProject {
  const [first, ...others] =
    name === undefined ? projects : projects.filter((project) => project.name === name);
  if (first && others.length === 0) return first;
  const names = projects.map((project) => project.name).join(', ');
  throw new TemporalReplayError(
    'CONFIG_INVALID',
    name === undefined
      ? `The config file has several projects: ${names}.`
      : `The config file has no project ${name}; it has ${names}.`,
    { hint: 'Name one of them: createTestEnvironment({ name: … }).' },
  );
}

/** @throws WORKER_OPTIONS, CONVERTER_INVALID, BUNDLE_FAILED */
export async function buildResolved(
  project: ResolvedProject,
  { cache, cacheDir, coverage }: ResolvedReplayOptions,
): Promise<Bundle> {
  const { worker, source } = await prepareProject(project);
  const result = await bundleProject(source, { cache, cacheDir, coverage });
  if ('failure' in result)
    throw new TemporalReplayError('BUNDLE_FAILED', describeCodeFailure(result.failure));
  const { path, hash, inputs, workflowTypes, sharesModuleState } = result;
  const { reuseV8Context } = worker;
  const { payloadConverter, failureConverter } = source;
  return {
    path,
    hash,
    inputs: bundleInputsOf(inputs),
    contexts: contextsFor({ reuseV8Context, sharesModuleState }),
    workflowTypes,
    worker: workerSourceOf(project),
    payloadConverter,
    failureConverter,
  };
}

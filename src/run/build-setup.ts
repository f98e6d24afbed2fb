import { bundleProject } from '../bundle/bundle-project';
import { withConverterPaths } from '../bundle/converter-paths';
import type { ModuleMemory } from '../bundle/module-memory';
import { contextsFor } from '../model/v8-contexts';
import type { ResolvedProject, ResolvedReplayOptions } from '../options/resolve';
import {
  type BundledProject,
  DEFAULT_DIAGNOSIS_NEEDS,
  type DiagnosisNeeds,
  type Setup,
} from '../replay/setup';

export interface SetupContext {
  /** Absolute path of the directory that the paths of histories are relative to. */
  cwd: string;
  needs: Partial<DiagnosisNeeds>;
  /** Modules that webpack compiled in earlier runs of this process. */
  memory: ModuleMemory | undefined;
}

/**
 * Loads the converters of every project of a run, and then bundles them. A failed build is part of the setup, not an error.
 *
 * @throws CONVERTER_INVALID
 */
export async function buildSetup(
  options: ResolvedReplayOptions,
  { cwd, needs, memory }: SetupContext,
): Promise<Setup> {
  const loaded: ResolvedProject[] = [];
  for (const project of options.projects) loaded.push(await withConverterPaths(project));
  const projects: BundledProject[] = [];
  // Projects are bundled one after another, since a single webpack build uses every core.
  for (const project of loaded) projects.push(await bundledProject(project, options, memory));
  const { fast, coverage } = options;
  return { projects, fast, cwd, coverage, diagnosis: { ...DEFAULT_DIAGNOSIS_NEEDS, ...needs } };
}

async function bundledProject(
  project: ResolvedProject,
  { cache, cacheDir, coverage }: ResolvedReplayOptions,
  memory: ModuleMemory | undefined,
): Promise<BundledProject> {
  const { name, dataConverter, namespace } = project;
  const result = await bundleProject(project, { cache, cacheDir, coverage, memory });
  const { inputs } = result;
  const about = { name, dataConverter, namespace, inputs };
  if ('failure' in result) return { ...about, failure: result.failure, missing: result.missing };
  const { path, workflowTypes, sharesModuleState, typeInputs } = result;
  const contexts = contextsFor({ reuseV8Context: null, sharesModuleState });
  return { ...about, bundlePath: path, contexts, workflowTypes, typeInputs };
}

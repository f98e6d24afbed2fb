import { bundleProject } from '../bundle/bundle-project';
import type { ModuleMemory } from '../bundle/module-memory';
import { findTemporalPackages, remedyForDuplicates } from '../bundle/temporal-packages';
import { TemporalReplayError } from '../errors';
import type { ResolvedProject, ResolvedReplayOptions } from '../options/resolve';
import {
  type BundledProject,
  DEFAULT_DIAGNOSIS_NEEDS,
  type DiagnosisNeeds,
  type Setup,
} from '../replay/setup';

export interface SetupContext {
  cwd: string;
  needs: Partial<DiagnosisNeeds>;
  /** What webpack made of the modules in an earlier run of this process. */
  memory: ModuleMemory | undefined;
}

/** Bundles every project of a run. A build that fails is part of the setup, not an error. */
export async function buildSetup(
  options: ResolvedReplayOptions,
  { cwd, needs, memory }: SetupContext,
): Promise<Setup> {
  const projects: BundledProject[] = [];
  // One after another: webpack keeps every core busy by itself.
  for (const project of options.projects) projects.push(await bundledProject(project, options, memory));
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
  const { path, workflowTypes, typeInputs } = result;
  return { ...about, bundlePath: path, workflowTypes, typeInputs };
}

/**
 * Refuses several copies of a Temporal package, which break `instanceof` and protobuf types in ways that look like other
 * faults.
 *
 * @throws DUPLICATE_PACKAGES
 */
export function refuseDuplicatePackages(directory: string): void {
  const found = findTemporalPackages(directory);
  const [duplicate] = found.duplicates;
  if (!duplicate) return;
  const places = duplicate.copies.map(({ version, path }) => `${version} in ${path}`).join(' and ');
  throw new TemporalReplayError(
    'DUPLICATE_PACKAGES',
    `There are several copies of ${duplicate.name}: ${places}.`,
    { hint: remedyForDuplicates(found) },
  );
}

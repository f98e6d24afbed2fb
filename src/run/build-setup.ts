import { bundleProject } from '../bundle/bundle-project';
import type { ModuleMemory } from '../bundle/module-memory';
import type { SourceOverlay } from '../bundle/source-overlay';
import { contextsFor } from '../model/v8-contexts';
import { type ResolvedProject, type ResolvedReplayOptions, coverageOfPrebuilt } from '../options/resolve';
import {
  type BundledProject,
  DEFAULT_DIAGNOSIS_NEEDS,
  type DiagnosisNeeds,
  type Setup,
} from '../replay/setup';
import type { ConfiguredWorker } from '../worker-options/configured-worker';
import { type PreparedProject, prepareProject } from '../worker-options/prepare-project';
import { workerSourceOf } from '../worker-options/worker-source';

export interface SetupContext {
  /** Absolute path of the directory that the paths of histories are relative to. */
  cwd: string;
  needs: Partial<DiagnosisNeeds>;
  /** Modules that webpack compiled in earlier runs of this process. */
  memory: ModuleMemory | undefined;
  /** Texts that stand in for those of files of the code. */
  overlay?: SourceOverlay | undefined;
  /** When it is aborted, no further bundle is begun. */
  signal?: AbortSignal | undefined;
}

/**
 * Makes the worker of every project of a run, and then bundles their code. A failed build is part of the setup, not an error.
 *
 * @throws WORKER_OPTIONS, CONVERTER_INVALID, CONFIG_INVALID
 */
export async function buildSetup(
  options: ResolvedReplayOptions,
  { cwd, needs, memory, overlay, signal }: SetupContext,
): Promise<Setup> {
  const prepared: PreparedProject[] = [];
  for (const project of options.projects) {
    prepared.push(await prepareProject(project));
    signal?.throwIfAborted();
  }
  const projects: BundledProject[] = [];
  // Projects are bundled one after another, since a single webpack build uses every core.
  for (const project of prepared) {
    projects.push(await bundledProject(project, options, { memory, overlay }));
    signal?.throwIfAborted();
  }
  const { fast, engine, coverage } = options;
  return { projects, fast, engine, cwd, coverage, diagnosis: { ...DEFAULT_DIAGNOSIS_NEEDS, ...needs } };
}

async function bundledProject(
  { project, worker, source }: PreparedProject,
  { cache, cacheDir, coverage }: ResolvedReplayOptions,
  { memory, overlay }: Pick<SetupContext, 'memory' | 'overlay'>,
): Promise<BundledProject> {
  if (coverage && source.workflowsPath === null) throw coverageOfPrebuilt(source.bundle ?? source.name);
  const result = await bundleProject(source, { cache, cacheDir, coverage, memory, overlay });
  const about = { ...aboutProject(project, worker), inputs: result.inputs };
  if ('failure' in result) return { ...about, failure: result.failure, missing: result.missing };
  const { path, hash, workflowTypes, sharesModuleState, typeInputs } = result;
  const { reuseV8Context } = worker;
  const contexts = contextsFor({ reuseV8Context, sharesModuleState });
  // A bundle that the user has built may lie anywhere, and that of an overlay goes with its trial.
  const isOfCache = cache && !coverage && overlay === undefined && source.workflowsPath !== null;
  return {
    ...about,
    ...{ bundlePath: path, bundleHash: hash, contexts, workflowTypes, typeInputs },
    ...(isOfCache && { compiledPath: `${path}.compiled` }),
  };
}

const aboutProject = (
  project: ResolvedProject,
  { taskQueue, deploymentVersion, namespace, failureErrorTypes }: ConfiguredWorker,
): Omit<BundledProject, 'inputs'> => ({
  name: project.name,
  worker: workerSourceOf(project),
  taskQueue,
  deploymentVersion,
  workerNamespace: namespace,
  failureErrorTypes,
});

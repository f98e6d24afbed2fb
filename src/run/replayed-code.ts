import { ALL_INPUTS_OF_ALL_TYPES, type TypeInputs } from '../bundle/type-inputs';
import type { CodeFailure } from '../model/code-failure';
import type { BundledProject } from '../replay/setup';
import { modulesOfWorker } from '../worker-options/worker-source';

/** The code of one project that histories were replayed against. */
export interface ReplayedCode {
  name: string;
  /** Task queue that the worker polls; null if no option names it. */
  taskQueue: string | null;
  /** Worker deployment version as text; null if no option names it. */
  deploymentVersion: string | null;
  /** Names of the errors that fail a workflow instead of its task, by workflow type or `*`. */
  failureErrorTypes: Readonly<Record<string, readonly string[]>>;
  /** Absolute paths of the files in its bundle, packages included. */
  inputs: readonly string[];
  /** Absolute paths of the files that its worker is made from: worker options, plugins, converters, and what these import. */
  workerFiles: readonly string[];
  /** Absolute paths of files that a failed build looked for and did not find. */
  missing: readonly string[];
  /** The reason why the bundle could not be built; null if it was. */
  failure: CodeFailure | null;
  /** The workflow types of the bundle; null if it could not be built. */
  workflowTypes: readonly string[] | null;
  /** Workflow types that each input affects. */
  typeInputs: TypeInputs;
}

/** Returns the code of a bundled project. */
export const codeOf = (project: BundledProject): ReplayedCode => ({
  name: project.name,
  taskQueue: project.taskQueue,
  deploymentVersion: project.deploymentVersion,
  failureErrorTypes: project.failureErrorTypes ?? {},
  inputs: project.inputs,
  workerFiles: workerFilesOf(project),
  missing: 'missing' in project ? project.missing : [],
  failure: 'failure' in project ? project.failure : null,
  workflowTypes: 'workflowTypes' in project ? project.workflowTypes : null,
  typeInputs: ('typeInputs' in project && project.typeInputs) || ALL_INPUTS_OF_ALL_TYPES,
});

function workerFilesOf({ worker }: BundledProject): readonly string[] {
  const modules = modulesOfWorker(worker);
  if (modules.length === 0) return [];
  // Its parser is loaded late, since most projects have no such modules.
  const { importedFiles } = require('../bundle/module-sources') as typeof import('../bundle/module-sources');
  return importedFiles(modules).files;
}

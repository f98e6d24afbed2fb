import { codeHashOf } from '../../bundle/type-inputs';
import { contentOfModules } from '../../bundle/module-content';
import { ownVersion } from '../../packages/own-version';
import type { BuiltProject, Setup } from '../../replay/setup';
import { contentHash } from '../../util/content-hash';
import { modulesOfWorker } from '../../worker-options/worker-source';

/** Version of the form in which results are kept. */
const FORMAT = 3;

/** Everything that the result of a history depends on, besides the history. */
export interface ResultKeys {
  /** Hash of the options, the versions and the modules outside of the sandbox. */
  ofRun: string;
  /** Returns the hash of the code that counts for the verdict on a history of this type. */
  ofCode(workflowType: string): string;
  /** Hash of the bundles with their source maps, and of the directory, on which places in the code depend. */
  ofPlaces: string;
}

/** Returns the keys of results, or null if they depend on something that has no hash, such as a module that cannot be parsed. */
export function resultKeys(
  { projects, fast, cwd }: Setup,
  env: NodeJS.ProcessEnv = process.env,
): ResultKeys | null {
  const built: BuiltProject[] = [];
  const outside: string[] = [];
  for (const project of projects) {
    if ('failure' in project) return null;
    const modules = contentOfModules(modulesOfWorker(project.worker), env);
    if (modules === null) return null;
    built.push(project);
    outside.push(modules);
  }
  const options = built.map(
    ({ name, worker, taskQueue, deploymentVersion, workerNamespace, contexts, workflowTypes }) => [
      ...[name, worker, taskQueue, deploymentVersion, workerNamespace, contexts, workflowTypes],
    ],
  );
  // The same checkout in another directory, as on another machine, has the same results.
  const text = JSON.stringify({ options, outside, fast, versions: versions(), format: FORMAT }).replaceAll(
    cwd,
    '',
  );
  return {
    ofRun: contentHash(text),
    ofCode: (type) => contentHash(JSON.stringify(built.map((project) => codeOf(project, type)))),
    ofPlaces: contentHash(JSON.stringify([cwd, ...built.map(({ bundleHash }) => bundleHash)])),
  };
}

/** Returns the hash of a project's code for a type; null for a project that does not have the type. */
function codeOf({ workflowTypes, typeInputs, bundleHash }: BuiltProject, type: string): string | null {
  // A default export runs the types that have no export of their own.
  const exported = [type, 'default'].find((name) => workflowTypes.includes(name));
  if (exported === undefined) return null;
  return (typeInputs && codeHashOf(typeInputs, exported)) ?? bundleHash;
}

const versions = (): object => ({
  tool: ownVersion(),
  node: process.version,
  platform: process.platform,
  sdk: ['@temporalio/worker', '@temporalio/workflow', '@temporalio/common'].map(
    (name) => (require(`${name}/package.json`) as { version: string }).version,
  ),
});

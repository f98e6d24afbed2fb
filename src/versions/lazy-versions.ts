import type { PatchReport } from '../model/patches';
import type { DeployOptions, PatchOptions } from '../options/types';
import type { DeployedReport } from './can-deploy';

/**
 * Replays the open runs of a cluster that would get the current workflow code, and answers whether it can be deployed.
 *
 * @example `const { deploy } = await canDeploy({ workflowsPath: 'src/workflows.ts', connection: { address: 'localhost:7233' } });`
 * @returns the report: `deploy` has the answer, the reasons and the numbers, and `results` those runs that do not pass without drift
 * @throws TemporalReplayError USAGE, CONFIG_INVALID, CONFIG_NOT_FOUND, BUNDLE_FAILED, CONVERTER_INVALID, PACKAGE_MISSING, SDK_TOO_OLD,
 * DUPLICATE_PACKAGES, ABORTED, CLUSTER_UNREACHABLE, CLUSTER_TLS, CLUSTER_PERMISSION, CLUSTER_NAMESPACE, CLUSTER_QUERY,
 * CLUSTER_FAILED. A run that breaks is a result.
 */
export async function canDeploy(options: DeployOptions): Promise<DeployedReport> {
  // The SDK is loaded only here: a config file imports this package where the SDK need not be installed.
  const versions = require('./can-deploy') as typeof import('./can-deploy');
  return await versions.canDeploy(options);
}

/**
 * Finds every `patched()` and `deprecatePatch()` of the current workflow code, and says for each which runs of a cluster and which
 * histories of a corpus still need it.
 *
 * @example `const { patches } = await inspectPatches({ workflowsPath: 'src/workflows.ts', connection: { address: 'localhost:7233' } });`
 * @throws TemporalReplayError as {@link canDeploy}, and NO_HISTORIES if `histories` throws it
 */
export async function inspectPatches(options: PatchOptions): Promise<PatchReport> {
  const versions = require('./patches/patches') as typeof import('./patches/patches');
  return await versions.inspectPatches(options);
}

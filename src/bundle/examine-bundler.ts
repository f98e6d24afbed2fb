import { versionOfBundlerPackage } from '../sdk/bundler-packages';
import { mendedRelease, sharesModuleState } from '../sdk/module-isolation';
import { workflowBundler } from '../sdk/workflow-bundler';

/** The bundler of the installed SDK, and if it keeps module state apart between workflows that reuse a V8 context. */
export interface BundlerFindings {
  worker: string;
  webpack: string | null;
  sharesModuleState: boolean;
  /** The first release whose bundles always keep it apart, for the minor version of the worker or later. */
  mendedRelease: string;
}

/** Tries the bundler of the installed SDK on the SDK's own workflow code. @throws the bundler's error */
export async function examineBundler(): Promise<BundlerFindings> {
  const { DefaultLogger, bundleWorkflowCode } = workflowBundler();
  const { code } = await bundleWorkflowCode({
    workflowsPath: require.resolve('@temporalio/workflow'),
    logger: new DefaultLogger('ERROR', () => undefined),
  });
  const { version } = require('@temporalio/worker/package.json') as { version: string };
  return {
    worker: version,
    webpack: versionOfBundlerPackage('webpack'),
    sharesModuleState: sharesModuleState(code, 'workflow-bundle.js'),
    mendedRelease: mendedRelease(version),
  };
}

/** The service of test/services/isolation, and bundles of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { ROOT } from './replay-cli';

export const ISOLATION_SERVICE = join(ROOT, 'test/services/isolation');

/** Bundles workflow code with the installed SDK. */
export async function bundleOf(workflowsPath: string): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  return code;
}

/** Returns the bundle as an SDK makes it that fails to redirect webpack's module cache, such as 1.18.1 with webpack 5.113. */
export const withOwnModuleCache = (code: string): string =>
  code.replaceAll(
    '__webpack_module_cache__ = globalThis.__webpack_module_cache__',
    '__webpack_module_cache__ = {}',
  );

/** Writes a bundle of the module state.ts that shares the state of the module between workflows, and returns its path. */
export async function writeSharingBundle(directory: string): Promise<string> {
  const path = join(directory, 'sharing.js');
  writeFileSync(path, withOwnModuleCache(await bundleOf(join(ISOLATION_SERVICE, 'state.ts'))));
  return path;
}

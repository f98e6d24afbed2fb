import { bundleProject } from '../../bundle/bundle-project';
import { TemporalReplayError } from '../../errors';
import { describeCodeFailure } from '../../model/code-failure';
import { contextsFor } from '../../model/v8-contexts';
import { resolveReplayOptions } from '../../options/resolve';
import type { Bundle } from './protocol';

/** Builds `mocked-workflow.ts` with the converters of the service's bundle. */
export async function buildMockedWorkflowBundle({
  payloadConverter,
  failureConverter,
}: Bundle): Promise<Pick<Bundle, 'path' | 'contexts'>> {
  const workflowsPath = require.resolve('./mocked-workflow');
  const { projects, cache, cacheDir } = resolveReplayOptions(
    {
      workflowsPath,
      ...(payloadConverter !== null && { payloadConverter }),
      ...(failureConverter !== null && { failureConverter }),
    },
    process.cwd(),
  );
  const result = await bundleProject(projects[0]!, { cache, cacheDir });
  if ('failure' in result)
    throw new TemporalReplayError('BUNDLE_FAILED', describeCodeFailure(result.failure));
  const { path, sharesModuleState } = result;
  return { path, contexts: contextsFor({ reuseV8Context: null, sharesModuleState }) };
}

import { TemporalReplayError } from '../errors';
import { describeCodeFailure } from '../model/code-failure';
import type { ClusterRunOptions } from '../options/types';
import type { ReplayedCode } from '../run/replayed-code';
import { versionText } from '../temporal/deployment-version';

/** Returns the version about to go out that the options name, as text; null if they name none. @throws USAGE */
export function versionAskedFor({
  buildId,
  deployment,
}: Pick<ClusterRunOptions, 'buildId' | 'deployment'>): string | null {
  if (buildId !== undefined) return versionText({ deploymentName: deployment || null, buildId });
  if (deployment === undefined) return null;
  throw new TemporalReplayError('USAGE', 'A deployment is named without the build id of its version.', {
    hint: 'Give --build-id too.',
  });
}

/** Returns the versions about to go out: the one that was asked for, else those that the projects name. */
export function versionsOf(version: string | null, code: readonly ReplayedCode[]): string[] {
  if (version !== null) return [version];
  return [...new Set(code.flatMap(({ deploymentVersion }) => deploymentVersion ?? []))];
}

/**
 * Refuses code that cannot be bundled: the runs of its workflow types would count as runs of other code.
 *
 * @throws BUNDLE_FAILED
 */
export function requireBuilt(code: readonly ReplayedCode[]): void {
  for (const { failure } of code)
    if (failure) throw new TemporalReplayError('BUNDLE_FAILED', describeCodeFailure(failure));
}

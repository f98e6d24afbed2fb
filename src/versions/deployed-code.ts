import { TemporalReplayError } from '../errors';
import { describeCodeFailure } from '../model/code-failure';
import type { ReplayedCode } from '../run/replayed-code';

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

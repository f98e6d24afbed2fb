import { isRecordedVersion } from '../temporal/deployment-version';
import type { RunVersioning } from '../temporal/versioning';

/** The meaning of a deploy for an open run: it gets the new code, or stays on the version that it is pinned to. */
export type Reach = 'moves' | 'stays';

/**
 * Returns the meaning of a deploy for an open run. A pinned run stays, unless it is pinned to a version that goes out again. All others
 * move when the new version becomes the current one of their task queue: runs with auto-upgrade at their next workflow task, and so do
 * runs without a version, of workers without Worker Versioning.
 *
 * @param versions the versions about to go out, as text
 */
export function reachOf(
  { behavior, version }: Pick<RunVersioning, 'behavior' | 'version'>,
  versions: readonly string[],
): Reach {
  if (behavior !== 'pinned' || version === null) return 'moves';
  return versions.some((text) => isRecordedVersion(text, version)) ? 'moves' : 'stays';
}

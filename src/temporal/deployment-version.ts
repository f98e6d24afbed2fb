import type { temporal } from '@temporalio/proto';

type Version = temporal.api.deployment.v1.IWorkerDeploymentVersion;

/** The worker deployment version that runs a workflow, or the build id of a worker without a deployment. */
export interface RecordedVersion {
  deploymentName: string | null;
  buildId: string;
}

/**
 * Returns the version that a history names last: that of the worker that completed its last workflow task, or the one that it was
 * pinned to after that. Null if it names none.
 */
export function recordedVersionOf({ events }: temporal.api.history.v1.IHistory): RecordedVersion | null {
  return (events ?? []).reduce<RecordedVersion | null>((last, event) => versionIn(event) ?? last, null);
}

function versionIn(event: temporal.api.history.v1.IHistoryEvent): RecordedVersion | null {
  const started = event.workflowExecutionStartedEventAttributes;
  if (started)
    return (
      namedVersionOf(started.versioningOverride?.pinned?.version) ??
      namedVersionOf(started.inheritedPinnedVersion)
    );
  const updated = event.workflowExecutionOptionsUpdatedEventAttributes;
  if (updated) return namedVersionOf(updated.versioningOverride?.pinned?.version);
  const completed = event.workflowTaskCompletedEventAttributes;
  const buildId = completed?.workerVersion?.buildId;
  return namedVersionOf(completed?.deploymentVersion) ?? (buildId ? { deploymentName: null, buildId } : null);
}

/** Returns the version that the service's API names; null if it names none. */
export const namedVersionOf = (version: Version | null | undefined): RecordedVersion | null =>
  version?.buildId ? { deploymentName: version.deploymentName || null, buildId: version.buildId } : null;

/**
 * Returns true if a version as text is the recorded one: `<deployment name>.<build id>` (or with `:`, as newer servers write it), or
 * a build id alone.
 */
export function isRecordedVersion(text: string, { deploymentName, buildId }: RecordedVersion): boolean {
  if (text === buildId) return true;
  if (deploymentName === null) return text.endsWith(`.${buildId}`) || text.endsWith(`:${buildId}`);
  return text === `${deploymentName}.${buildId}` || text === `${deploymentName}:${buildId}`;
}

/** Returns the version of a text such as `<deployment name>:<build id>`, or with `.` as servers before 1.29 wrote it; null for others. */
export function versionOfText(text: string | null | undefined): RecordedVersion | null {
  const match = /^([^:]+):(.+)$/.exec(text ?? '') ?? /^([^.]+)\.(.+)$/.exec(text ?? '');
  return match ? { deploymentName: match[1]!, buildId: match[2]! } : null;
}

/** Returns a version as text: `<deployment name>.<build id>`, or the build id alone. */
export const versionText = ({ deploymentName, buildId }: RecordedVersion): string =>
  deploymentName === null ? buildId : `${deploymentName}.${buildId}`;

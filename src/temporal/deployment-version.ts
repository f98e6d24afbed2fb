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
      fromVersion(started.versioningOverride?.pinned?.version) ?? fromVersion(started.inheritedPinnedVersion)
    );
  const updated = event.workflowExecutionOptionsUpdatedEventAttributes;
  if (updated) return fromVersion(updated.versioningOverride?.pinned?.version);
  const completed = event.workflowTaskCompletedEventAttributes;
  const buildId = completed?.workerVersion?.buildId;
  return fromVersion(completed?.deploymentVersion) ?? (buildId ? { deploymentName: null, buildId } : null);
}

const fromVersion = (version: Version | null | undefined): RecordedVersion | null =>
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

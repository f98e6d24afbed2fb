import type { temporal } from '@temporalio/proto';

type TaskCompleted = temporal.api.history.v1.IWorkflowTaskCompletedEventAttributes;

/** The version of a worker: of a deployment, or a build id alone. */
export interface DeploymentVersion {
  deploymentName: string;
  buildId: string;
}

/** Returns the version of the worker that completed a task (`apply_wft_complete_data`); null if the event holds none. */
export function deploymentVersionOf(completed: TaskCompleted): DeploymentVersion | null {
  const version = newestVersionOf(completed);
  return version.deploymentName === '' && version.buildId === '' ? null : version;
}

function newestVersionOf({
  workerVersion,
  workerDeploymentName,
  workerDeploymentVersion,
  deploymentVersion,
}: TaskCompleted): DeploymentVersion {
  if (deploymentVersion)
    return {
      deploymentName: deploymentVersion.deploymentName ?? '',
      buildId: deploymentVersion.buildId ?? '',
    };
  // This form is one text: `<deployment name>.<build id>`.
  const dot = workerDeploymentVersion?.indexOf('.') ?? -1;
  if (dot !== -1)
    return {
      deploymentName: workerDeploymentVersion!.slice(0, dot),
      buildId: workerDeploymentVersion!.slice(dot + 1),
    };
  return { deploymentName: workerDeploymentName ?? '', buildId: workerVersion?.buildId ?? '' };
}

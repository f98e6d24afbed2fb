import { type ResultError, resultError } from '../model/result-error';
import { nearestName } from '../util/nearest-name';
import type { BundledProject } from './setup';

/** Returns the project that replays a workflow type; undefined if none has it. */
export function projectFor<P extends BundledProject>(
  workflowType: string,
  projects: readonly P[],
): P | undefined {
  return (
    projects.find((project) => hasType(project, workflowType)) ??
    // A bundle's default export runs every type that has no function of its own.
    projects.find((project) => hasType(project, 'default')) ??
    projects.find((project) => 'failure' in project)
  );
}

const hasType = (project: BundledProject, type: string): boolean =>
  'workflowTypes' in project && project.workflowTypes.includes(type);

/** Returns the error of a history whose workflow type no project has. */
export function unknownWorkflowType(workflowType: string, projects: readonly BundledProject[]): ResultError {
  const types = projects.flatMap((project) => ('workflowTypes' in project ? project.workflowTypes : []));
  const nearest = nearestName(workflowType, types);
  const guess = nearest ? ` Did you mean ${nearest}?` : '';
  const known = types.length > 0 ? `it has ${[...types].sort().join(', ')}` : 'it exports no workflow';
  const own = `The bundle has no workflow type ${workflowType}: ${known}.${guess}`;
  return resultError({ code: 'UNKNOWN_WORKFLOW_TYPE', own });
}

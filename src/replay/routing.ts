import { type ResultError, resultError } from '../model/result-error';
import { type RecordedVersion, isRecordedVersion } from '../temporal/deployment-version';
import { nearestName } from '../util/nearest-name';
import type { BundledProject } from './setup';

/** The facts of a history that tell whose worker ran it. */
export interface HistoryOrigin {
  workflowType: string;
  taskQueue: string | null;
  version: RecordedVersion | null;
}

/**
 * Returns the projects that may have run a history: those of its task queue, of its worker deployment version, and with its workflow
 * type, in this order. Several projects are left if nothing decides between them; none if no worker can have run it.
 */
export function projectsFor<P extends BundledProject>(origin: HistoryOrigin, projects: readonly P[]): P[] {
  const withType = projectsWithType(origin.workflowType, projectsOfQueue(origin, projects));
  return projectsOfVersion(origin.version, withType);
}

/**
 * Returns the projects whose workers may poll a history's task queue. A project that names another queue is out only if the queue
 * has a project: histories may come from an environment with other names.
 */
function projectsOfQueue<P extends BundledProject>(
  { workflowType, taskQueue }: HistoryOrigin,
  projects: readonly P[],
): readonly P[] {
  const ofQueue = projects.filter((project) => (project.taskQueue ?? project.name) === taskQueue);
  if (ofQueue.length === 0 || projectsWithType(workflowType, ofQueue).length > 0)
    return ofQueue.length === 0 ? projects : ofQueue;
  return projects.filter((project) => project.taskQueue === null || project.taskQueue === taskQueue);
}

function projectsWithType<P extends BundledProject>(type: string, projects: readonly P[]): P[] {
  const choices = [
    projects.filter((project) => hasType(project, type)),
    // A bundle's default export runs every type that has no function of its own.
    projects.filter((project) => hasType(project, 'default')),
    projects.filter((project) => 'failure' in project).slice(0, 1),
  ];
  return choices.find((found) => found.length > 0) ?? [];
}

function projectsOfVersion<P extends BundledProject>(
  version: RecordedVersion | null,
  projects: readonly P[],
): P[] {
  const choices = [
    projects.filter((project) => version !== null && isOfVersion(project, version)),
    projects.filter((project) => project.deploymentVersion === null),
    [...projects],
  ];
  return choices.find((found) => found.length > 0) ?? [];
}

const isOfVersion = ({ deploymentVersion }: BundledProject, version: RecordedVersion): boolean =>
  deploymentVersion !== null && isRecordedVersion(deploymentVersion, version);

const hasType = (project: BundledProject, type: string): boolean =>
  'workflowTypes' in project && project.workflowTypes.includes(type);

/** Number of the bundle's types that an error names. */
const SHOWN_TYPES = 12;

/** Returns the error of a history that no project can have run. */
export function unknownWorkflowType(
  { workflowType, taskQueue }: HistoryOrigin,
  projects: readonly BundledProject[],
): ResultError {
  const elsewhere = projects.find((project) => hasType(project, workflowType));
  if (elsewhere)
    return resultError({
      code: 'UNKNOWN_WORKFLOW_TYPE',
      own: `The bundle of task queue ${taskQueue} has no workflow type ${workflowType}: ${elsewhere.name} has it, on task queue ${elsewhere.taskQueue}.`,
    });
  const types = [
    ...new Set(projects.flatMap((project) => ('workflowTypes' in project ? project.workflowTypes : []))),
  ];
  const nearest = nearestName(workflowType, types);
  const guess = nearest ? ` Did you mean ${nearest}?` : '';
  const shown = [...types].sort().slice(0, SHOWN_TYPES);
  const more = types.length > shown.length ? [`${types.length - shown.length} more`] : [];
  const known = types.length > 0 ? `it has ${[...shown, ...more].join(', ')}` : 'it exports no workflow';
  const own = `The bundle has no workflow type ${workflowType}: ${known}.${guess}`;
  return resultError({ code: 'UNKNOWN_WORKFLOW_TYPE', own });
}

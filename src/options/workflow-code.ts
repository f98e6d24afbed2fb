import type { ProjectOptions } from './types';

/** Options that name the workflow code of a project, each in its own way. */
export const WORKFLOW_CODE = [
  'worker',
  'workflowsPath',
  'bundle',
] as const satisfies (keyof ProjectOptions)[];

/** Returns true if the options name workflow code themselves, without `projects`. */
export const namesWorkflowCode = (options: ProjectOptions): boolean =>
  WORKFLOW_CODE.some((name) => options[name] !== undefined);

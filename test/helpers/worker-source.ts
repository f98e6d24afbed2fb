import { join } from 'node:path';
import { resolveReplayOptions } from '../../src/options/resolve';
import type { ProjectOptions } from '../../src/options/types';
import { type WorkerSource, workerSourceOf } from '../../src/worker-options/worker-source';
import { ROOT } from './replay-cli';

const WORKFLOWS = join(ROOT, 'test/services/small/workflows.ts');

/** Returns the source of a project's worker, with the defaults of all options. */
export function workerSource(options: ProjectOptions = {}, baseDir = ROOT): WorkerSource {
  const code = options.worker === undefined ? { workflowsPath: WORKFLOWS } : {};
  const { projects } = resolveReplayOptions({ ...code, ...options }, baseDir);
  return workerSourceOf(projects[0]!);
}

/** Parts of a project in a setup that a test does not care about. */
export const ANY_PROJECT = {
  worker: workerSource(),
  taskQueue: null,
  deploymentVersion: null,
  workerNamespace: null,
  inputs: [],
};
